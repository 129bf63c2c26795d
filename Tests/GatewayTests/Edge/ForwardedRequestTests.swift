import Gateway
import NIOHTTP1
import Testing

@Suite("Forwarded requests")
struct ForwardedRequestTests {
    /// The proxies trusted in these tests: the one beside us and those of a private network.
    private func read(
        _ headers: [(String, String)],
        peer: String? = "127.0.0.1",
        proxies: [String] = ["127.0.0.1", "10.0.0.0/8", "2001:db8:aaaa::/48"]
    ) throws -> ForwardedRequest {
        ForwardedRequest(
            headers: HTTPHeaders(headers),
            peer: peer.flatMap { IPAddress($0) },
            proxies: try AddressList(proxies)
        )
    }

    @Test(
        arguments: [
            ([], "127.0.0.1"),
            ([("X-Forwarded-For", "203.0.113.7")], "203.0.113.7"),
            ([("X-Forwarded-For", "203.0.113.7:4711")], "203.0.113.7"),
            ([("X-Forwarded-For", "[2001:db8::7]:4711")], "2001:db8::7"),
            ([("X-Forwarded-For", "2001:db8::7")], "2001:db8::7"),
            // What the client itself wrote stands left of what the proxies added.
            ([("X-Forwarded-For", "198.51.100.1, 203.0.113.7")], "203.0.113.7"),
            ([("X-Forwarded-For", "198.51.100.1"), ("x-forwarded-for", "203.0.113.7, 10.1.1.1")], "203.0.113.7"),
            ([("X-Forwarded-For", "203.0.113.7, 10.1.1.1,10.2.2.2")], "203.0.113.7"),
            ([("X-Forwarded-For", "10.1.1.1, 10.2.2.2")], "10.1.1.1"),
            // Unreadable: whoever passed it on answers for it.
            ([("X-Forwarded-For", "203.0.113.7, unknown")], "127.0.0.1"),
            ([("X-Forwarded-For", "203.0.113.7, nonsense, 10.1.1.1")], "10.1.1.1"),
            ([("X-Forwarded-For", "203.0.113.7,")], "127.0.0.1"), ([("X-Forwarded-For", "")], "127.0.0.1"),
            ([("Forwarded", "for=203.0.113.7;proto=https")], "203.0.113.7"),
            ([("Forwarded", #"For="[2001:db8::7]:4711""#)], "2001:db8::7"),
            ([("Forwarded", "for=198.51.100.1, for=203.0.113.7;by=10.0.0.1, for=10.1.1.1")], "203.0.113.7"),
            ([("Forwarded", "for=_hidden, for=10.1.1.1")], "10.1.1.1"), ([("Forwarded", "for=unknown")], "127.0.0.1"),
            ([("Forwarded", "proto=https")], "127.0.0.1"),
            // A comma in a quoted string separates nothing.
            ([("Forwarded", #"for=203.0.113.7;host="a,for=198.51.100.1""#)], "203.0.113.7"),
            ([("Forwarded", #"for="203.0.113.7\""#)], "127.0.0.1"),
            // Both, as a client adds the one its proxy does not write: they must agree.
            ([("Forwarded", "for=198.51.100.1"), ("X-Forwarded-For", "203.0.113.7")], "127.0.0.1"),
            ([("Forwarded", "for=203.0.113.7"), ("X-Forwarded-For", "203.0.113.7")], "203.0.113.7"),
        ] as [([(String, String)], String)]
    )
    func theClientIsTheFirstAddressFromOurEndThatIsNoProxy(_ headers: [(String, String)], _ client: String) throws {
        #expect(try read(headers).client == IPAddress(client))
    }

    @Test func aPeerThatIsNoTrustedProxyIsTheClientWhateverItSays() throws {
        let headers = [
            ("X-Forwarded-For", "10.0.0.1"), ("Forwarded", "for=10.0.0.1;proto=https;host=evil.example"),
            ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"), ("Host", "voice.example.net"),
        ]
        let request = try read(headers, peer: "203.0.113.9")
        #expect(request.client == IPAddress("203.0.113.9") && request.external == nil)
        let none = try read(headers, proxies: [])
        #expect(none.client == IPAddress("127.0.0.1") && none.external == nil)
        let unix = try read(headers, peer: nil)
        #expect(unix.client == nil && unix.external == nil)
    }

    @Test(
        arguments: [
            ([("X-Forwarded-Proto", "https"), ("Host", "voice.example.net")], "https://voice.example.net"),
            (
                [("X-Forwarded-Proto", "HTTPS"), ("X-Forwarded-Host", "voice.example.net:8443"), ("Host", "inner")],
                "https://voice.example.net:8443"
            ),
            ([("Forwarded", "for=203.0.113.7;proto=https;host=voice.example.net")], "https://voice.example.net"),
            (
                [("Forwarded", "for=203.0.113.7;proto=https;host=outer.example, for=10.1.1.1;proto=http;host=inner")],
                "https://outer.example"
            ),
            (
                [("Forwarded", "for=x;proto=http;host=evil.example, for=203.0.113.7;proto=https;host=outer.example")],
                "https://outer.example"
            ),
            ([("X-Forwarded-Proto", "https, http"), ("Host", "a")], nil),
            ([("X-Forwarded-Proto", "ftp"), ("Host", "a")], nil), ([("X-Forwarded-Proto", "https")], nil),
            ([("X-Forwarded-Host", "a.example"), ("Host", "b")], nil),
            ([("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "a.example/x?y")], nil),
            ([("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "a.example, b.example"), ("Host", "c")], nil),
            ([("X-Forwarded-Proto", "https"), ("Host", "user@a.example")], nil), ([("Host", "a.example")], nil),
        ] as [([(String, String)], String?)]
    )
    func theAddressTheClientAskedIsPutTogetherAgain(_ headers: [(String, String)], _ external: String?) throws {
        #expect(try read(headers).external == external)
    }

    /// Whatever stands in the headers, reading ends and the client is an address that was there.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func anyTextIsSurvived(_ seed: UInt64) throws {
        var state = seed
        let alphabet = Array("=;,\"\\ :[]for.0123456789aF\t_-%\u{e9}")
        for _ in 0..<2000 {
            var text = ""
            for _ in 0..<40 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.append(alphabet[Int(state >> 33) % alphabet.count])
            }
            let request = try read([("Forwarded", text)])
            #expect(request.client != nil)
            #expect(try read([("X-Forwarded-For", text)]).client != nil)
        }
    }

    @Test func aVeryLongListIsReadFromItsEndOnly() throws {
        let list = Array(repeating: "10.1.1.1", count: 2000).joined(separator: ",")
        #expect(try read([("X-Forwarded-For", "203.0.113.7," + list)]).client == IPAddress("10.1.1.1"))
    }
}
