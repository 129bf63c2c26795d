/// Telephone numbers as profiles and tools write them.
package enum PhoneNumberText {
    /// E.164: a plus, then 8 to 15 digits, the first of them not zero.
    ///
    /// - Source: ITU-T E.164 section 6 (15 digits at most). Its minimum is open; shorter than 8 is a short code, which
    ///   no provider can dial as an international number.
    package static func isE164(_ text: String) -> Bool {
        guard text.first == "+" else { return false }
        let digits = text.dropFirst()
        return (8...15).contains(digits.count) && digits.first != "0" && digits.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
