import Foundation
import HTTPTypes

/// Twilio's REST API, as far as a voice engine needs it.
///
/// Repetition is the transport's work; here is only said what may be repeated: reading, deleting, and changes whose second
/// time changes nothing. A call that is created or given new instructions twice would be heard twice.
///
/// - Source: twilio.com/docs/voice/api (call and recording resources), version 2010-04-01.
package struct TwilioREST: Sendable {
    let account: TwilioAccount
    private let transport: any VendorTransport

    package init(account: TwilioAccount, transport: any VendorTransport) {
        self.account = account
        self.transport = transport
    }

    /// - Parameters:
    ///   - path: under the account, `/Calls.json`; made of checked ids only.
    ///   - isHarmless: a second time changes nothing.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        form: [(String, String)] = [],
        isHarmless: Bool,
        bodyLimit: Int = 1 << 20,
        deadline: Duration = .seconds(10)
    ) async throws(TwilioRESTError) -> VendorResponse {
        var refusal: TwilioRESTError?
        for credentials in account.credentials {
            var request = VendorRequest(
                method,
                "\(account.baseURL)/2010-04-01/Accounts/\(account.sid)\(path)",
                headers: [.authorization: credentials.header, .accept: "*/*"],
                deadline: deadline,
                isIdempotent: isHarmless,
                bodyLimit: bodyLimit
            )
            if method == .post {
                request.headers[.contentType] = "application/x-www-form-urlencoded"
                request.body = Array(PercentText.form(form).utf8)
            }
            let response: VendorResponse
            do {
                response = try await transport.send(request)
            } catch {
                throw TwilioRESTError(cause: .transport(error.code))
            }
            if response.status.kind == .successful { return response }
            let error = TwilioRESTError(response)
            // Refused before anything was done: the next credentials may try.
            guard response.status == .unauthorized else { throw error }
            refusal = error
        }
        throw refusal ?? TwilioRESTError(cause: .status(401))
    }

    /// The answer's JSON.
    func json<Body: Decodable>(_ response: VendorResponse, as _: Body.Type) throws(TwilioRESTError) -> Body {
        do {
            return try JSONDecoder().decode(Body.self, from: Data(response.body))
        } catch {
            throw TwilioRESTError(cause: .malformed)
        }
    }

    /// - Throws: for an id that could not be one: it would otherwise become part of a path.
    func checked(_ id: String) throws(TwilioRESTError) -> String {
        guard let sid = TwilioRequest.sid(id) else { throw TwilioRESTError(cause: .badID) }
        return sid
    }
}

/// Why Twilio did not do what it was asked. Holds facts only; never an address, a number or a key.
package struct TwilioRESTError: Error, Sendable, Equatable {
    package enum Cause: Sendable, Equatable {
        /// There is no answer.
        case transport(VendorError.Code)
        /// An HTTP status that is no success.
        case status(Int)
        /// The answer is not what the vendor documents.
        case malformed
        /// An id that is none.
        case badID
        /// A document longer than the vendor takes in a request.
        case tooLong
    }
    package var cause: Cause
    /// The vendor's error number (`20404`), where it gave one.
    package var code: Int?
    package var retryAfter: Duration?

    package init(cause: Cause, code: Int? = nil, retryAfter: Duration? = nil) {
        self.cause = cause
        self.code = code
        self.retryAfter = retryAfter
    }

    init(_ response: VendorResponse) {
        struct Fault: Decodable { var code: Int? }
        cause = .status(response.status.code)
        code = (try? JSONDecoder().decode(Fault.self, from: Data(response.body)))?.code
        retryAfter = response.headers[.retryAfter].flatMap { text in
            text.utf8.count <= 6 ? Int(text).flatMap { $0 >= 0 ? .seconds($0) : nil } : nil
        }
    }

    /// There is no such call or recording, or not any more: 404, by the vendor's number 20404.
    package var isGone: Bool { cause == .status(404) && (code ?? 20404) == 20404 }
}
