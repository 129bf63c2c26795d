import Actors
import Gateway
import TestSupport
import Testing

@Suite("Tenant directory")
struct TenantDirectoryTests {
    private static func tenant(_ id: String, _ numbers: String...) -> TenantProfile {
        var profile = TenantProfile.test
        profile.id = id
        profile.numbers = numbers
        return profile
    }

    private let directory = TenantDirectory([
        tenant("us", "+12025550142", "+12025550143"), tenant("de", "+493012345678"), tenant("be", "+32470123456"),
        tenant("it", "+390612345678"), tenant("ru", "+74951234567"), tenant("hu", "+3617654321"),
        tenant("gb", "+442079460018"), tenant("bb", "+12464567890"), tenant("any", "*"),
    ])

    @Test(
        "A number reaches its tenant in every spelling",
        arguments: [
            ("us", "+12025550142"), ("us", "+1 (202) 555-0142"), ("us", "+1.202.555.0142"), ("us", "12025550142"),
            ("us", "2025550142"), ("us", "(202) 555-0142"), ("us", "1-202-555-0143"), ("us", "0012025550142"),
            ("us", "01112025550142"), ("us", "tel:+12025550142"), ("us", "tel:+1-202-555-0142;ext=5"),
            ("us", "TEL:+12025550142"), ("us", "tel:5550142;phone-context=+1202"),
            ("us", "sip:+12025550142@pbx.example.net"), ("us", "sips:+12025550142@pbx.example.net:5061;transport=tls"),
            ("us", "sip:+12025550142;npdi@example.net;user=phone"), ("us", "sip:%2B12025550142@example.net"),
            ("us", "sip:2025550142:secret@example.net"), ("us", "  +12025550142 "), ("us", "＋１２０２５５５０１４２"),
            ("us", "+1\u{a0}202\u{2011}555\u{2011}0142"), ("us", "\u{202a}+12025550142\u{202c}"),
            ("us", "+١٢٠٢٥٥٥٠١٤٢"), ("de", "030 12345678"), ("de", "030/123 456 78"), ("de", "+49 (0)30 12345678"),
            ("de", "0049 30 12345678"), ("be", "0470/12.34.56"), ("be", "0032470123456"), ("be", "470 12 34 56"),
            ("it", "06 1234 5678"), ("ru", "8 (495) 123-45-67"), ("hu", "06 1 765 4321"), ("gb", "020 7946 0018"),
            ("bb", "(246) 456-7890"),
        ]
    ) func spellings(tenant: String, number: String) {
        #expect(directory.profile(calledNumber: number)?.id == tenant, "\(DialledSpelling(number))")
    }

    private struct DialledSpelling: CustomStringConvertible {
        let description: String
        init(_ text: String) { description = text.unicodeScalars.map { "\($0.value)" }.joined(separator: " ") }
    }

    @Test(
        "What nobody claims reaches the tenant that takes every number",
        arguments: [
            "", "*", "+", "anonymous", "client:alice", "client:12025550142", "sip:alice@example.net", "sip:12025550142",
            "+12025550199", "+442025550142", "5550142", "112", "0", "+1202555014", "+120255501422", "1+2025550142",
            "+1202555O142", "tel:", "sip:@", "tel:5550142;phone-context=example.net", "https://example.net/12025550142",
            "+1202\u{0}5550142", "²025550142",
        ]
    ) func everyOther(number: String) {
        #expect(directory.profile(calledNumber: number)?.id == "any")
        #expect(TenantDirectory([Self.tenant("us", "+12025550142")]).profile(calledNumber: number) == nil)
    }

    @Test("A national number that two tenants could mean reaches neither")
    func ambiguous() {
        // 030 12345678 in Germany and in the Netherlands.
        let directory = TenantDirectory([
            Self.tenant("de", "+493012345678"), Self.tenant("nl", "+313012345678"), Self.tenant("any", "*"),
        ])
        #expect(directory.profile(calledNumber: "030 12345678")?.id == "any")
        #expect(directory.profile(calledNumber: "0049 30 12345678")?.id == "de")
        #expect(directory.profile(calledNumber: "+31 30 12345678")?.id == "nl")
        // One tenant may have both.
        let one = TenantDirectory([Self.tenant("both", "+493012345678", "+313012345678")])
        #expect(one.profile(calledNumber: "030 12345678")?.id == "both")
    }

    @Test("Anything at all is a called number", .timeLimit(.minutes(5)))
    func hostile() {
        var random = SplitMix(seed: 0xD1A1)
        let pieces = [
            "+", "tel:", "sip:", "@", ";", ":", "(0)", "phone-context=+", "%2B", "1202", "5550142", "é", "\u{0}", "=",
        ]
        for _ in 0..<5000 {
            let text = (0..<random.below(12)).map { _ in pieces[random.below(pieces.count)] }.joined()
            #expect(directory.profile(calledNumber: text) != nil)
        }
        #expect(directory.profile(calledNumber: String(repeating: "1", count: 1_000_000))?.id == "any")
    }
}
