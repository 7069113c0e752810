//! What can be typed on the Sale screen, for its help. What it does is the domain's to know.

/// While a sale is rung: what is typed, and what Enter then does.
pub(super) const RINGING: [(&str, &str); 15] = [
    ("4006381333931", "sells one of that barcode, SKU or id"),
    ("3*CODE", "sells three; 1.250*CODE sells 1.250 kg"),
    ("CODE@4.99", "sells at that price; 3*CODE@4.99 too"),
    ("oat milk", "finds by the words of a name; arrows choose"),
    (".1 … .9", "sells the quick key of that number; 3*.1 three of it"),
    ("*3", "quantity of the marked line"),
    ("@4.99", "price of the marked line"),
    ("-10%", "discount on the marked line; -2.00 in money, -0 none"),
    ("--10%", "discount on the whole basket; --5.00 in money, --0 none"),
    ("#keller", "puts the sale in a customer's name; # alone takes it off"),
    ("20=", "takes 20.00 in cash"),
    ("=", "pays"),
    ("3*", "stands before a name or a search, too"),
    ("4,99", "a comma is understood like a point"),
    ("↑", "after Esc brings the text back"),
];

/// While money is taken.
pub(super) const PAYING: [(&str, &str); 8] = [
    ("Enter", "on an empty field takes the rest by the chosen method"),
    ("10", "and Enter takes that much; several may be combined"),
    ("c", "cash, on an empty amount"),
    ("d", "card"),
    ("t", "transfer, with a reference"),
    ("s", "store credit"),
    ("o", "other, with a reference"),
    ("Tab", "the next method"),
];
