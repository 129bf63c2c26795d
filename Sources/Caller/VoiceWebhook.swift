import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// The provider's first request for an incoming call: "someone rings, what shall I do?"
public struct VoiceWebhook: Sendable {
    /// The form fields, in the order sent.
    public let parameters: [(name: String, value: String)]
    /// The whole address.
    public let url: String

    /// Longest answer taken. The vendor's limit for a document is not published; 64 KB is the figure in circulation.
    static let answerLimit = 64 * 1024
    /// The vendor's hard limit for any request of a call.
    static let timeout = TimeAmount.seconds(15)

    /// - Source: twilio.com/docs/voice/twiml, "Request parameters"; `Called` and `Caller` as seen in the field.
    public init(configuration: TwilioCallConfiguration) {
        url = configuration.engineURL + "/twilio/voice"
        parameters = [
            ("AccountSid", configuration.accountSid),
            ("ApiVersion", "2010-04-01"),
            ("CallSid", configuration.callSid),
            ("CallStatus", "ringing"),
            ("Called", configuration.to),
            ("CalledCity", ""),
            ("CalledCountry", ""),
            ("CalledState", ""),
            ("CalledZip", ""),
            ("Caller", configuration.from),
            ("CallerCity", ""),
            ("CallerCountry", ""),
            ("CallerState", ""),
            ("CallerZip", ""),
            ("Direction", "inbound"),
            ("From", configuration.from),
            ("FromCity", ""),
            ("FromCountry", ""),
            ("FromState", ""),
            ("FromZip", ""),
            ("To", configuration.to),
            ("ToCity", ""),
            ("ToCountry", ""),
            ("ToState", ""),
            ("ToZip", ""),
        ]
    }

    /// The body, `application/x-www-form-urlencoded`.
    public var body: String { Self.form(parameters) }

    /// Fields as `application/x-www-form-urlencoded`.
    static func form(_ parameters: [(name: String, value: String)]) -> String {
        parameters.map { escape($0.name) + "=" + escape($0.value) }.joined(separator: "&")
    }

    /// Asks the engine.
    ///
    /// - Throws: `CallError` when nothing answers, the answer is a refusal, or it is no TwiML.
    func post(client: HTTPClient, authToken: String?) async throws -> TwiML {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded; charset=UTF-8")
        request.headers.add(name: "User-Agent", value: "TwilioProxy/1.1")
        request.headers.add(name: "Accept", value: "*/*")
        if let authToken {
            let signature = TwilioSignature.sign(url: signedURL, parameters: parameters, token: authToken)
            request.headers.add(name: TwilioSignature.header, value: signature)
        }
        request.body = .bytes(ByteBuffer(string: body))
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, timeout: Self.timeout)
        } catch let error as CancellationError {
            throw error
        } catch let error as HTTPClientError where error == .cancelled {
            throw CancellationError()
        } catch is NIOConnectionError {
            throw CallError.notRunning(url: url)
        } catch let error as IOError where error.errnoCode == ECONNREFUSED {
            throw CallError.notRunning(url: url)
        } catch let error as HTTPClientError where error == .invalidURL || error == .emptyHost {
            throw CallError.badURL(url)
        } catch {
            throw CallError.unreachable(url: url, reason: "\(error)")
        }
        guard response.status == .ok else {
            throw CallError.webhookRefused(url: url, status: Int(response.status.code), signed: authToken != nil)
        }
        let document: ByteBuffer
        do {
            document = try await response.body.collect(upTo: Self.answerLimit)
        } catch is NIOTooManyBytesError {
            throw CallError.webhookTooLong(limit: Self.answerLimit)
        }
        return try TwiML(parsing: Array(document.readableBytesView))
    }

    /// The vendor signs https addresses without their port.
    private var signedURL: String {
        guard url.hasPrefix("https://") else { return url }
        let rest = url.dropFirst("https://".count)
        guard let slash = rest.firstIndex(of: "/"), let colon = rest[..<slash].lastIndex(of: ":"),
            rest[rest.index(after: colon)..<slash].allSatisfy(\.isNumber)
        else { return url }
        return "https://" + rest[..<colon] + rest[slash...]
    }

    private static func escape(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: " "):
                result += "+"
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
