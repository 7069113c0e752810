//! Sharing an amount out by weights: largest remainder, exact to the last step.

use super::Money;

/// One who gets a share while it is being worked out.
struct Share {
    /// Steps given so far.
    steps: i128,
    /// What rounding down took away, in units of 1 ÷ the sum of the weights.
    remainder: i128,
    /// The most steps that do not exceed the weight.
    cap: i128,
}

/// See [`Money::allocate`].
pub(super) fn allocate(amount: Money, weights: &[Money], step: Money) -> Option<Vec<Money>> {
    if step.0 <= 0 {
        return None;
    }
    if amount.is_zero() {
        return Some(vec![Money::ZERO; weights.len()]);
    }
    let whole: i128 = weights.iter().map(|weight| i128::from(weight.0)).sum();
    if whole == 0 {
        return None;
    }
    let step = i128::from(step.0);
    let size = i128::from(amount.0).abs();
    let capped = size <= whole && weights.iter().all(|weight| weight.0 >= 0);
    let mut shares: Vec<Share> =
        weights.iter().map(|weight| exact_share(size / step, *weight, whole, step, capped)).collect();

    let mut order: Vec<usize> = (0..shares.len()).filter(|&at| weights[at].0 != 0).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(shares[at].remainder));
    let given: i128 = shares.iter().map(|share| share.steps).sum();
    hand_out(size / step - given, &order, &mut shares);

    let mut amounts: Vec<i128> = shares.iter().map(|share| share.steps * step).collect();
    let odd = size % step;
    if odd > 0 {
        let has_room = |at: &usize| !capped || amounts[*at] + odd <= i128::from(weights[*at].0);
        let at = order.iter().copied().find(has_room).or(order.first().copied())?;
        amounts[at] += odd;
    }
    let sign = i128::from(amount.signum());
    amounts.into_iter().map(|share| Money::narrow(sign * share)).collect()
}

/// The share of `steps` that belongs to `weight`, rounded down.
fn exact_share(steps: i128, weight: Money, whole: i128, step: i128, capped: bool) -> Share {
    let sign = whole.signum();
    let product = steps * i128::from(weight.0) * sign;
    Share {
        steps: product.div_euclid(whole.abs()),
        remainder: product.rem_euclid(whole.abs()),
        cap: if capped { i128::from(weight.0) / step } else { i128::MAX },
    }
}

/// Hands out the steps that rounding down left over: first one each where there is room, then wherever there is room,
/// and only if weights that are no multiples of the step leave no room at all, one each regardless.
fn hand_out(mut left: i128, order: &[usize], shares: &mut [Share]) {
    for &at in order {
        if left > 0 && shares[at].steps < shares[at].cap {
            shares[at].steps += 1;
            left -= 1;
        }
    }
    for &at in order {
        let more = shares[at].cap.saturating_sub(shares[at].steps).clamp(0, left);
        shares[at].steps += more;
        left -= more;
    }
    for &at in order {
        if left > 0 {
            shares[at].steps += 1;
            left -= 1;
        }
    }
}
