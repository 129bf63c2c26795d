import Gateway
import NIOCore
import Testing

@Suite("Addresses and networks")
struct AddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:DB8:0::1", "2001:db8::1"), ("::1", "::1"),
        ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
    ])
    func everyWayOfWritingAnAddressIsTheSameAddress(_ text: String, _ canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(address == IPAddress(canonical))
    }

    @Test(arguments: [
        "", " ", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "1.2.3.4\0", "[::1]", "::1%eth0", ":::",
        "g::1", "1:2:3:4:5:6:7:8:9", "voice.example.net", "0x7f.1", "127.1", String(repeating: "1", count: 5000),
    ])
    func whatIsNoAddressIsNone(_ text: String) { #expect(IPAddress(text) == nil) }

    @Test func aSocketsPeerIsReadFromItsAddress() throws {
        for text in ["192.0.2.7", "2001:db8::7"] {
            #expect(IPAddress(try SocketAddress(ipAddress: text, port: 80)) == IPAddress(text))
        }
        #expect(IPAddress(try SocketAddress(unixDomainSocketPath: "/tmp/s")) == nil)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.255.0.9", true), ("::1", true), ("::ffff:127.0.0.1", true), ("128.0.0.1", false),
        ("::2", false), ("126.255.255.255", false), ("1::1", false), ("0.0.0.1", false),
    ])
    func loopbackIsThisMachine(_ text: String, _ isLoopback: Bool) throws {
        #expect(try #require(IPAddress(text)).isLoopback == isLoopback)
    }

    @Test func anIPv6SubscriberIsItsNetworkOf64Bits() throws {
        let one = try #require(IPAddress("2001:db8:1:2:3:4:5:6"))
        let two = try #require(IPAddress("2001:db8:1:2:ffff::1"))
        let other = try #require(IPAddress("2001:db8:1:3::1"))
        #expect(one.subscriber == two.subscriber && one.subscriber != other.subscriber)
        let v4 = try #require(IPAddress("192.0.2.1"))
        #expect(v4.subscriber == v4)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("192.0.2.1/32", "192.0.2.1", true),
        ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "2001:db8::1", true),
        ("2001:db8::/32", "2001:db8:ffff::", true), ("2001:db8::/32", "2001:db9::", false),
        ("2001:db8:0:1::/64", "2001:db8:0:1:2::", true), ("2001:db8:0:1::/64", "2001:db8:0:2::", false),
        ("2001:db8::/65", "2001:db8::7fff:0:0:0", true), ("2001:db8::/65", "2001:db8::8000:0:0:0", false),
        ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.129", true), ("::1", "::1", true),
    ])
    func aNetworkHoldsItsOwnAddresses(_ network: String, _ address: String, _ isIn: Bool) throws {
        #expect(try AddressNetwork(network).contains(try #require(IPAddress(address))) == isIn)
    }

    @Test(arguments: [
        ("10.0.0.1/8", "write 10.0.0.0/8"), ("2001:db8::1/32", "write 2001:db8::/32"), ("10.0.0.0/33", "0 to 32"),
        ("2001:db8::/129", "0 to 128"), ("10.0.0.0/", "0 to 32"), ("10.0.0.0/-1", "0 to 32"),
        ("10.0.0.0/+8", "0 to 32"), ("10.0.0.0/8/8", "0 to 32"), ("10.0.0/8", "not an IP address"),
        ("example.net", "not an IP address"), ("", "not an IP address"), ("/8", "not an IP address"),
        ("10.0.0.0/99999999999999999999", "0 to 32"),
    ])
    func aBadNetworkIsRefusedWithWhatToWriteInstead(_ text: String, _ hint: String) {
        let fault = #expect(throws: AddressNetwork.Fault.self) { try AddressNetwork(text) }
        #expect(fault?.message.contains(hint) == true, "\(fault?.message ?? "")")
    }

    @Test func aListHoldsWhatAnyOfItsNetworksHolds() throws {
        let list = try AddressList(["10.0.0.0/8", "::1"])
        let loopback = try #require(IPAddress("::1"))
        #expect(try list.contains(loopback) && list.contains(#require(IPAddress("10.9.9.9"))))
        #expect(try !list.contains(#require(IPAddress("192.0.2.1"))))
        #expect(AddressList().isEmpty && !AddressList().contains(loopback))
    }
}
