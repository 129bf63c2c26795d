import Gateway
import Testing

@Suite("Keyed hashes")
struct MessageAuthenticationTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// RFC 2202 section 3 (SHA-1) and RFC 4231 section 4 (SHA-256), case 2.
    @Test func theRFCsExamplesAreReproduced() {
        let key = Array("Jefe".utf8)
        let message = Array("what do ya want for nothing?".utf8)
        #expect(
            hex(MessageAuthentication.code(.sha1, key: key, message: message))
                == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        )
        #expect(
            hex(MessageAuthentication.code(.sha256, key: key, message: message))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
    }

    /// FIPS 180-4's two examples.
    @Test func theHashIsSHA256() {
        #expect(
            hex(MessageAuthentication.sha256(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(
            hex(MessageAuthentication.sha256([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
    }

    @Test func anEmptyCodeEqualsNothing() {
        #expect(!MessageAuthentication.areEqual([], []))
        #expect(!MessageAuthentication.areEqual([1], [1, 2]))
        #expect(!MessageAuthentication.areEqual([1, 2], [1, 3]))
        #expect(MessageAuthentication.areEqual([1, 2], [1, 2]))
    }

    @Test func randomBytesDiffer() {
        #expect(MessageAuthentication.randomBytes(32).count == 32)
        #expect(MessageAuthentication.randomBytes(32) != MessageAuthentication.randomBytes(32))
    }
}
