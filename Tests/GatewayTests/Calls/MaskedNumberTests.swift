import Gateway
import Testing

@Suite("Masked numbers")
struct MaskedNumberTests {
    @Test(arguments: [
        ("+12025550142", "+1202•••0142"), ("12025550142", "1202•••0142"), ("+442071838750", "+4420•••8750"),
        ("+4930123456", "+49•••456"), ("5550142", "•••42"), ("+33999", "+•••99"), ("911", "•••"), ("+1", "+•••"),
        ("", "•••"), ("+", "•••"), ("anonymous", "•••"), ("sip:alice@example.net", "•••"), ("+1202555O142", "•••"),
        ("+1 202 555 0142", "•••"), ("+１２０２５５５０１４２", "•••"),
    ])
    func aNumberShowsItsEndsOnly(_ number: String, _ shown: String) {
        #expect(MaskedNumber.mask(number) == shown)
    }

    @Test func atLeastThreeDigitsAreHidden() {
        for count in 1...40 {
            let number = String(repeating: "7", count: count)
            let shown = MaskedNumber.mask(number).filter(\.isNumber).count
            #expect(shown <= max(0, count - 3) && shown <= 8)
        }
    }
}
