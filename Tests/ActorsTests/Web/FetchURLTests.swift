import Actors
import Foundation
import TestSupport
import Testing

@Suite("Fetch URL")
struct FetchURLTests {
    private static func fault(_ text: String) -> FetchURL.Fault? {
        do throws(FetchURL.Fault) {
            _ = try FetchURL(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        (
            "https://api.twilio.com/2010-04-01/Recordings/RE1.wav?x=1#f", "api.twilio.com", 443,
            "/2010-04-01/Recordings/RE1.wav?x=1"
        ),
        ("HTTPS://API.Twilio.COM", "api.twilio.com", 443, "/"), ("https://a.b:8443?q", "a.b", 8443, "/?q"),
        ("http://127.0.0.1:99/a%2e%2e/b", "127.0.0.1", 99, "/a%2e%2e/b"), ("https://[::1]/x", "::1", 443, "/x"),
        ("https://a.example/p@th//..;=,!", "a.example", 443, "/p@th//..;=,!"),
    ])
    func anAddressIsReadIntoItsParts(_ text: String, _ host: String, _ port: Int, _ target: String) throws {
        let url = try FetchURL(text)
        #expect(url.host == host && url.port == port && url.target == target)
        #expect(try FetchURL(url.text) == url, "written again it is the same")
    }

    @Test(arguments: [
        ("", FetchURL.Fault.notAbsolute), ("//api.twilio.com/", .notAbsolute), ("/x", .notAbsolute),
        ("https:/api.twilio.com", .notAbsolute), ("javascript:alert(1)", .notAbsolute), ("ftp://a.b/", .badScheme),
        ("file:///etc/passwd", .badScheme), ("gopher://127.0.0.1:6379/_x", .badScheme), ("://a.b/", .badScheme),
        ("https://user@a.b/", .userInfo), ("https://api.twilio.com:443@127.0.0.1/", .userInfo),
        ("https://api.twilio.com%2f@127.0.0.1/", .userInfo), ("https://a.b\\@127.0.0.1/", .badCharacter),
        ("https://127.0.0.1\\.twilio.com/", .badCharacter), ("https://a.b/\r\nHost: x", .badCharacter),
        ("https://a.b/ x", .badCharacter), (" https://a.b/", .badCharacter), ("https://a.b/\u{0}", .badCharacter),
        ("https://a.b/\u{7F}", .badCharacter), ("https://tw\u{0456}lio.com/", .badCharacter),
        ("https://①②⑦.0.0.1/", .badCharacter), ("https://a。b/", .badCharacter), ("https:///x", .badHost),
        ("https://api.twilio.com./", .badHost), ("https://.twilio.com/", .badHost), ("https://a..b/", .badHost),
        ("https://%31%32%37.0.0.1/", .badHost), ("https://a_b.twilio.com/", .badHost), ("https://-a.b/", .badHost),
        ("https://a-.b/", .badHost), ("https://[::1", .badHost), ("https://[]/", .badHost),
        ("https://[fe80::1%25eth0]/", .badHost), ("https://[::1].twilio.com/", .badPort),
        ("https://a.b:/", .badPort), ("https://a.b:0/", .badPort), ("https://a.b:065/", .badPort),
        ("https://a.b:65536/", .badPort), ("https://a.b:443:80/", .badPort), ("https://a.b:4x/", .badPort),
        ("https://a.b:-1/", .badPort), ("https://\(String(repeating: "a", count: 64)).b/", .badHost),
        ("https://a.b/\(String(repeating: "a", count: 5000))", .tooLong),
    ])
    func whatIsOddIsRefused(_ text: String, _ fault: FetchURL.Fault) {
        #expect(Self.fault(text) == fault, "\(text)")
    }

    @Test(arguments: [
        ("https://127.0.0.1/", true), ("https://2130706433/", true), ("https://0x7f000001/", true),
        ("https://0177.0.0.1/", true), ("https://127.1/", true), ("https://0x7f.1/", true), ("https://0x/", true),
        ("https://1.2.3.4.5/", true), ("https://a.0x1f/", true), ("https://[::ffff:127.0.0.1]/", true),
        ("https://localhost/", false), ("https://1a/", false), ("https://127.0.0.1.example/", false),
        ("https://0xg.example/", false),
    ])
    func anAddressInPlaceOfANameIsKnown(_ text: String, _ isLiteral: Bool) throws {
        #expect(try FetchURL(text).isLiteral == isLiteral)
    }

    @Test(arguments: [
        ("https://c.d/x", "https://c.d:443/x"), ("//c.d/x", "https://c.d:443/x"), ("/x?y", "https://a.b:443/x?y"),
        ("z", "https://a.b:443/p/q/z"), ("../z", "https://a.b:443/p/q/../z"), ("?r=1", "https://a.b:443/p/q/r?r=1"),
        ("", "https://a.b:443/p/q/r?s"), ("#f", "https://a.b:443/p/q/r?s"), ("x/y:z", "https://a.b:443/p/q/x/y:z"),
    ])
    func aRedirectIsResolvedWhereItIs(_ location: String, _ text: String) throws {
        #expect(try FetchURL("https://a.b/p/q/r?s").resolving(location).text == text)
    }

    @Test(arguments: [
        "javascript:x", "data:text/plain,x", "file:///etc/passwd", "https:\\\\127.0.0.1\\", "/\\127.0.0.1/", "//",
        "///127.0.0.1/", "//u@a.b/", "https:a.b",
    ])
    func aRedirectIntoNowhereIsRefused(_ location: String) throws {
        let url = try FetchURL("https://a.b/p")
        #expect(throws: FetchURL.Fault.self) { try url.resolving(location) }
    }

    @Test func changedAddressesAreReadOrRefusedAndNeverCrash() {
        var random = SeededGenerator(seed: 11)
        let seeds = ["https://api.twilio.com:443/a/b?c=d#e", "http://[::1]:80/", "https://u@1.2.3.4:0/%00"]
        for _ in 0..<20_000 {
            var bytes = Array(seeds.randomElement(using: &random)!.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: at)
                default: bytes.insert(UInt8.random(in: 0x20...0x7E, using: &random), at: at)
                }
                if bytes.isEmpty { bytes = [0x68] }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let url = try? FetchURL(text) else { continue }
            // Whatever was read is what another reader sees in it.
            let other = URL(string: url.text)
            guard other != nil || !url.isLiteral else { continue }
            #expect(other?.port == url.port, "\(text)")
            #expect(other?.host.map { $0.trimmingCharacters(in: ["[", "]"]) } == url.host, "\(text)")
            #expect(other?.user == nil && other?.fragment == nil, "\(text)")
        }
    }
}
