import Foundation
import Gateway
import TestSupport
import Testing

@Suite("Twilio requests")
struct TwilioRequestTests {
    private func request(_ pairs: [(String, String)]) -> TwilioRequest {
        TwilioRequest(parameters: FormParameters(pairs: pairs.map { .init(name: $0.0, value: $0.1) }))
    }

    @Test(arguments: [
        ("CA0a1b2c3d4e5f60718293a4b5c6d7e8f9", true), ("CA1", true), ("", false), ("CA 1", false), ("../Calls", false),
        ("CA1\n", false), ("CAé", false), (String(repeating: "A", count: 64), true),
        (String(repeating: "A", count: 65), false), ("CA1?x=1", false), ("Twilio.CURRENT", false),
    ])
    func anIdIsLettersAndDigits(_ text: String, _ isID: Bool) {
        #expect(request([("CallSid", text)]).callSID == (isID ? text : nil))
        #expect(TwilioRequest.sid(text) == (isID ? text : nil))
    }

    @Test(
        arguments: [
            ("0", 0), ("42", 42), ("999999999", 999_999_999), ("1000000000", nil), ("-1", nil), ("1.5", nil), ("", nil),
            (" 1", nil), ("1e3", nil), ("٣", nil), ("null", nil),
        ] as [(String, Int?)]
    )
    func aNumberIsDigits(_ text: String, _ wanted: Int?) {
        #expect(request([("CallDuration", text)]).number("CallDuration") == wanted)
        #expect(request([]).number("CallDuration") == nil)
    }

    @Test(
        arguments: [
            ("Fri, 20 Nov 2026 09:10:09 +0000", 1_795_165_809), ("20 Nov 2026 09:10:09 +0000", 1_795_165_809),
            ("Fri, 20 Nov 2026 10:10:09 +0100", 1_795_165_809), ("Fri, 20 Nov 2026 01:10:09 -0800", 1_795_165_809),
            ("Thu, 1 Jan 1970 00:00 GMT", 0), ("Thu, 29 Feb 2024 23:59:60 +0000", 1_709_251_200),
            ("2026-11-20T09:10:09.500Z", 1_795_165_809.5),
            ("Fri, 20 Nov 2026 24:10:09 +0000", nil), ("Fri, 32 Nov 2026 09:10:09 +0000", nil),
            ("Fri, 20 Nov 2026 09:10:09", nil), ("Fri, 20 Nov 2026 09:10:09 PST", nil), ("yesterday", nil),
            ("Fri, 20 Nob 2026 09:10:09 +0000", nil), ("Fri, 20 Nov 2026 09-10-09 +0000", nil),
            ("Fri, 20 Nov 2026 09:10:09 +00000000000000000000000000000000", nil),
        ] as [(String, Double?)]
    )
    func aTimeIsReadInTheVendorsForms(_ text: String, _ seconds: Double?) {
        #expect(request([("Timestamp", text)]).timestamp == seconds.map { Date(timeIntervalSince1970: $0) })
    }

    @Test func everyDayIsCountedRight() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        for day in stride(from: 0, to: 60_000, by: 13) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400 + 3661)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let (year, month, number) = (parts.year ?? 0, months[(parts.month ?? 1) - 1], parts.day ?? 0)
            #expect(MailDate.parse("\(number) \(month) \(year) 01:01:01 +0000") == date)
        }
    }

    @Test func mutatedTimesGiveATimeOrNone() {
        var random = SeededGenerator(seed: 3)
        let original = Array("Fri, 20 Nov 2026 09:10:09 +0000".utf8)
        for _ in 0..<5000 {
            var text = original
            for _ in 0..<3 {
                text[Int.random(in: 0..<text.count, using: &random)] = UInt8.random(in: 0...127, using: &random)
            }
            if let date = MailDate.parse(String(decoding: text, as: UTF8.self)) {
                #expect(date.timeIntervalSince1970.isFinite)
            }
        }
    }

    @Test func ourNumberDependsOnWhoCalled() {
        #expect(request([("To", "+1"), ("From", "+2"), ("Direction", "inbound")]).ourNumber == "+1")
        #expect(request([("To", "+1"), ("From", "+2"), ("Direction", "outbound-api")]).ourNumber == "+2")
        #expect(request([("To", "+1"), ("From", "+2")]).ourNumber == "+1")
        #expect(request([]).ourNumber.isEmpty)
    }

    @Test(arguments: ["", "a b", "é&=?#/%+", "plain-_.~", "\u{0}\n"])
    func whatALinkCarriesComesBack(_ text: String) throws {
        let links = TwilioLinks(PublicURL("https://voice.example.net/base/"))
        let url = links.url(.dtmf, tenant: text, [("attempt", "2"), ("agent", nil)])
        #expect(url.hasPrefix("https://voice.example.net/base/twilio/dtmf?tenant="))
        let query = try FormParameters(parsing: Array(url.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst()))
        #expect(query.pairs == [.init(name: "tenant", value: text), .init(name: "attempt", value: "2")])
    }
}
