import Actors
import Gateway
import NIOCore
import Testing

@Suite("Fetch rules")
struct FetchRulesTests {
    private func refusal(_ rules: FetchRules, _ text: String) throws -> FetchRules.Refusal? {
        let url = try FetchURL(text)
        do throws(FetchRules.Refusal) {
            _ = try rules.way(to: url)
            return nil
        } catch {
            return error
        }
    }

    private let twilio = FetchRules.twilio(baseURL: "https://api.twilio.com")

    @Test(arguments: [
        "https://api.twilio.com/x", "https://twilio.com/", "https://media.dublin.ie1.twilio.com:443/RE1.wav",
        "https://API.TWILIO.COM/x",
    ])
    func theProvidersHostsAreLookedAtAndAsked(_ text: String) throws {
        #expect(try twilio.way(to: FetchURL(text)) == .checked)
    }

    @Test(arguments: [
        ("http://api.twilio.com/x", FetchRules.Refusal.insecure), ("http://127.0.0.1/", .insecure),
        ("https://127.0.0.1/", .literal), ("https://2130706433/", .literal), ("https://[::1]/", .literal),
        ("https://0x7f.1/", .literal), ("https://169.254.169.254/latest/meta-data/", .literal),
        ("https://api.twilio.com:8443/", .port), ("https://api.twilio.com:80/", .port),
        ("https://eviltwilio.com/", .foreign), ("https://twilio.com.evil.example/", .foreign),
        ("https://twilio.co/", .foreign), ("https://localhost/", .foreign),
        ("https://metadata.google.internal/", .foreign),
        ("https://com/", .foreign), ("https://api-twilio.com/", .foreign),
    ])
    func everythingElseIsRefused(_ text: String, _ why: FetchRules.Refusal) throws {
        #expect(try refusal(twilio, text) == why, "\(text)")
    }

    @Test func theOperatorsOwnAddressIsTakenAtItsWord() throws {
        let rules = FetchRules(domains: ["vendor.example"], base: "https://10.0.0.5:8443/v2")
        #expect(try rules.way(to: FetchURL("https://10.0.0.5:8443/other")) == .configured)
        for text in ["https://10.0.0.5/x", "https://10.0.0.5:8444/x", "https://10.0.0.6:8443/x"] {
            #expect(try refusal(rules, text) != nil, "\(text)")
        }
        #expect(try refusal(rules, "http://10.0.0.5:8443/x") == .insecure)
        #expect(try rules.way(to: FetchURL("https://cdn.vendor.example/x")) == .checked)
    }

    @Test func plainHTTPIsForThisMachineAndOnlyWhereItIsConfigured() throws {
        for base in ["http://127.0.0.1:9000/v2", "http://localhost:9000", "http://[::1]:9000"] {
            let rules = FetchRules(domains: ["vendor.example"], base: base)
            #expect(try rules.way(to: FetchURL(base)) == .configured)
            #expect(try refusal(rules, "http://127.0.0.1:9001/") == .insecure)
            #expect(try refusal(rules, "http://vendor.example/") == .insecure)
        }
        let elsewhere = FetchRules(domains: ["vendor.example"], base: "http://10.0.0.5:9000")
        #expect(try refusal(elsewhere, "http://10.0.0.5:9000/x") == .insecure)
        let nonsense = FetchRules(domains: [], base: "not an address")
        #expect(try refusal(nonsense, "https://vendor.example/") == .foreign)
    }

    @Test func aBaseUnderTheProvidersDomainIsLookedAtLikeAllOfThem() throws {
        let rules = FetchRules(domains: ["twilio.com"], base: "https://api.dublin.ie1.twilio.com")
        #expect(try rules.way(to: FetchURL("https://api.dublin.ie1.twilio.com/x")) == .checked)
    }
}

@Suite("Public addresses")
struct PublicAddressTests {
    private func isPublic(_ text: String) throws -> Bool {
        PublicAddress.holds(try SocketAddress(ipAddress: text, port: 443))
    }

    @Test(arguments: [
        "8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.255.255",
        "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "168.63.129.15", "168.63.129.17",
        "54.172.60.0",
        "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450:4001::1", "2001:200::1", "3ffe::1", "3fff:1000::1",
    ])
    func whatIsTheInternetsIs(_ text: String) throws {
        #expect(try isPublic(text))
    }

    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.100.100.200", "100.127.255.255",
        "127.0.0.1", "127.255.255.254", "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.0",
        "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255",
        "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1",
        "255.255.255.255", "168.63.129.16", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:1ff::1", "2001:db8::1", "2002:7f00:1::",
        "3fff::1", "fc00::1", "fd00:ec2::254", "fdff::1", "fe80::1", "fec0::1", "ff02::1", "4000::1", "5f00::1",
    ])
    func whatIsNotIsClosed(_ text: String) throws {
        #expect(try !isPublic(text))
    }

    @Test func aSocketFileIsNoInternetAddress() throws {
        #expect(try !PublicAddress.holds(SocketAddress(unixDomainSocketPath: "/tmp/x")))
    }
}
