import Engine
import HTTPTypes
import Hummingbird
import NIOCore

/// Takes in every provider's webhooks alike: bounded body, timed, refusals counted.
struct WebhookIntake: Sendable {
    let meters: WebhookMeters
    let bodyLimit: Int
    /// The tenants' own limits, for whoever knows which tenant a webhook is for.
    let tenantRates = TenantRates()

    /// - Parameters:
    ///   - provider: a metric label.
    ///   - event: a metric label: one of a small fixed set.
    ///   - answer: checks the request over its exact bytes, then decides. `APIError`s are counted by their code.
    func take(
        _ provider: String,
        _ event: String,
        _ request: Request,
        _ answer: ([UInt8]) async throws -> Response
    ) async throws -> Response {
        let start = MonotonicTime.nanoseconds
        defer { meters.record(provider, event, nanoseconds: MonotonicTime.nanoseconds - start) }
        do {
            let buffer: ByteBuffer
            do {
                buffer = try await request.body.collect(upTo: bodyLimit)
            } catch let error as NIOTooManyBytesError {
                throw error
            } catch {
                // The connection ended before the body did: there is nobody to answer, and nothing of ours failed.
                throw APIError(.badRequest, "incomplete", "The body ended before its length was reached.")
            }
            return try await answer(Array(buffer.readableBytesView))
        } catch let error as APIError {
            meters.reject(provider, error.code)
            throw error
        } catch is NIOTooManyBytesError {
            meters.reject(provider, "too_large")
            throw APIError(.contentTooLarge, "too_large", "The body is larger than \(bodyLimit) bytes.")
        }
    }
}
