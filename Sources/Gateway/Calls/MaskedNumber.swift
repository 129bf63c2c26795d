/// Telephone numbers as operators see them: enough to recognise a caller's country and ending, too little to call back.
package enum MaskedNumber {
    private static let hidden = "•••"

    /// `+12025550142` becomes `+1202•••0142`. At least three digits are hidden; the number of bullets says nothing of how many.
    /// What is not a number (a SIP address, a name) is hidden whole.
    package static func mask(_ number: String) -> String {
        let digits = number.hasPrefix("+") ? number.dropFirst() : number[...]
        guard !digits.isEmpty, digits.utf8.count <= 32, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return hidden
        }
        let (head, tail): (Int, Int) =
            switch digits.count {
            case 11...: (4, 4)
            case 8...10: (2, 3)
            case 5...7: (0, 2)
            default: (0, 0)
            }
        return (number.hasPrefix("+") ? "+" : "") + digits.prefix(head) + hidden + digits.suffix(tail)
    }
}
