import CFloor
import Cases
import Foundation

/// Twilio's voice webhook: its form read and its signature checked, as for every request.
public enum WebhookCases {
    public static func all() -> [Case] { [check()] }

    private static let token = "b5a7f0c2d4e6981f3a5c7e9b1d2f4a6c"
    private static let url = "https://voice.example.net/twilio/voice"
    /// The 25 fields the vendor sends for an incoming call.
    private static let body =
        "AccountSid=AC0a1b2c3d4e5f60718293a4b5c6d7e8f9&ApiVersion=2010-04-01&CallSid=CA0a1b2c3d4e5f60718293a4b5c6d7e8f9"
        + "&CallStatus=ringing&Called=%2B12025550142&CalledCity=WASHINGTON&CalledCountry=US&CalledState=DC&CalledZip=20001"
        + "&Caller=%2B14155550100&CallerCity=SAN+FRANCISCO&CallerCountry=US&CallerState=CA&CallerZip=94105"
        + "&Direction=inbound&From=%2B14155550100&FromCity=SAN+FRANCISCO&FromCountry=US&FromState=CA&FromZip=94105"
        + "&To=%2B12025550142&ToCity=WASHINGTON&ToCountry=US&ToState=DC&ToZip=20001"

    private static func check() -> Case {
        let bytes = Array(body.utf8)
        let form = must { try FormParameters(parsing: bytes) }
        let unsigned = TwilioSignature.Request(url: url, parameters: form, isForm: true, signature: nil)
        let code = MessageAuthentication.code(
            .sha1,
            key: Array(token.utf8),
            message: Array((url + TwilioSignature.signedParameters(of: unsigned)).utf8)
        )
        let signature = Data(code).base64EncodedString()
        let checker = TwilioSignature(tokens: [token])
        func isValid() -> Bool {
            let form = must { try FormParameters(parsing: bytes) }
            return checker.isValid(
                TwilioSignature.Request(url: url, parameters: form, body: bytes, isForm: true, signature: signature)
            )
        }
        let result = UnsafeMutablePointer<Bool>.allocate(capacity: 1)
        result.initialize(to: false)
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() { text[index] = CChar(bitPattern: byte) }
        return Case(
            "Gateway:TwilioSignature:check:25",
            floorWork: "decode in place, sort 25 pairs, HMAC-SHA1 by libcrypto over two addresses, compare",
            isHot: false,
            engine: { count in
                for _ in 0..<count {
                    result.pointee = isValid()
                    floor_keep(result)
                }
            },
            floor: { _ = floor_webhook_check(text, bytes.count, url, token, signature, $0) },
            difference: {
                guard isValid() else { return "the engine refuses its own signature" }
                guard floor_webhook_check(text, bytes.count, url, token, signature, 1) == 1 else {
                    return "the floor refuses the signature"
                }
                let wrong = "A" + signature.dropFirst()
                return floor_webhook_check(text, bytes.count, url, token, wrong, 1) == 0 || wrong == signature
                    ? nil : "the floor accepts a wrong signature"
            }
        )
    }
}
