import AsyncHTTPClient
import Gateway
import HTTPTypes
import NIOCore
import NIOHTTP1

/// A vendor's transport for tests: three attempts without a pause, and nothing repeated that might have happened, unless the
/// request says that it does no harm.
struct LoopbackTransport: VendorTransport {
    /// How long one attempt waits.
    var patience = TimeAmount.seconds(30)

    func send(_ request: VendorRequest) async throws(VendorError) -> VendorResponse {
        var failure = VendorError(.unreachable, "no attempt")
        for attempt in 1...3 {
            do {
                let response = try await once(request)
                let mayBeRepeated =
                    response.status.code == 429 || request.isIdempotent && response.status.kind == .serverError
                if !mayBeRepeated || attempt == 3 { return response }
            } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
                failure = VendorError(.timeout, "no answer in time")
                if !request.isIdempotent { break }
            } catch {
                failure = VendorError(.unreachable, "the connection failed")
                if !request.isIdempotent { break }
            }
        }
        throw failure
    }

    private func once(_ request: VendorRequest) async throws -> VendorResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headers { outgoing.headers.add(name: field.name.rawName, value: field.value) }
        if !request.body.isEmpty { outgoing.body = .bytes(request.body) }
        let response = try await HTTPClient.shared.execute(outgoing, timeout: patience)
        let body = try await response.body.collect(upTo: request.bodyLimit)
        var headers = HTTPFields()
        for (name, value) in response.headers {
            if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
        }
        return VendorResponse(
            status: .init(code: Int(response.status.code)),
            headers: headers,
            body: Array(body.readableBytesView)
        )
    }
}
