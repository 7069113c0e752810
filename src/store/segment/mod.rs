//! temp
use super::codec::CodecFault;
use crate::domain::fact::*;
use crate::unit::*;
pub struct Segment;
impl Segment {
    pub fn build(_o: &[OrderFact], _r: &[ReturnFact], _f: &[FeedbackFact]) -> Segment {
        Segment
    }
    pub fn encode(&self) -> Vec<u8> {
        vec![]
    }
    pub fn decode(_b: &[u8]) -> Result<Segment, CodecFault> {
        Ok(Segment)
    }
    pub fn order(&self, _n: OrderNo) -> Option<OrderFact> {
        None
    }
    pub fn return_fact(&self, _n: ReturnNo) -> Option<ReturnFact> {
        None
    }
    pub fn feedback_fact(&self, _n: FeedbackNo) -> Option<FeedbackFact> {
        None
    }
    pub fn order_facts(&self) -> Vec<OrderFact> {
        vec![]
    }
    pub fn return_facts(&self) -> Vec<ReturnFact> {
        vec![]
    }
    pub fn feedback_facts(&self) -> Vec<FeedbackFact> {
        vec![]
    }
}
