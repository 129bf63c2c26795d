import Actors
import Testing

@Suite("Addresses as text")
struct AddressTextTests {
    @Test(arguments: ["8.8.8.8", "2606:4700::1111"])
    func whatIsTheInternetsIsPublic(_ text: String) {
        #expect(PublicAddress.holds(text) && !PublicAddress.isLoopback(text))
    }

    @Test(arguments: [
        "", "localhost", "2130706433", "0x7f.1", "8.8.8", "8.8.8.8:80", "[::1]", "fe80::1%eth0", "10.0.0.1",
        "::ffff:8.8.8.8",
    ])
    func whatIsNoPublicAddressIsClosed(_ text: String) {
        #expect(!PublicAddress.holds(text) && !PublicAddress.isLoopback(text))
    }

    @Test(arguments: ["127.0.0.1", "127.255.0.9", "::1"])
    func thisMachineIsLoopback(_ text: String) {
        #expect(PublicAddress.isLoopback(text) && !PublicAddress.holds(text))
    }
}
