import NIOCore
import NIOHTTP1

/// What a refused request is told: the API's JSON, or to a provider that would play it to a caller, an apology.
struct EdgeAnswer {
    var head: HTTPResponseHead
    /// nil for an answer to HEAD.
    let body: ByteBuffer?

    init(_ refused: Edge.Refused, limits: RequestLimits, isHead: Bool) {
        let refusal = refused.refusal
        var headers = HTTPHeaders([("Connection", "close"), ("Server", "parley")])
        let text: String
        var status = refusal.status
        if refusal == .rateLimited, refused.kind.speaksTwiML {
            // A status other than 200 would leave the caller with the provider's own error message.
            status = 200
            text = TwilioAnswers.busy.xml
            headers.add(name: "Content-Type", value: "text/xml; charset=utf-8")
        } else {
            text = APIError(.init(code: status), refusal.rawValue, refusal.message(limits)).json
            headers.add(name: "Content-Type", value: "application/json")
        }
        if refusal == .rateLimited {
            headers.add(name: "Retry-After", value: "\(RetryAfter.seconds(refused.waitNanoseconds))")
        }
        headers.add(name: "Content-Length", value: "\(text.utf8.count)")
        head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
        body = isHead ? nil : ByteBuffer(string: text)
    }
}
