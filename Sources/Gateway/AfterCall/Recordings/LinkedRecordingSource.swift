import Actors
import Foundation
import HTTPTypes

/// Recordings that a provider hands out as links (Ringover): fetched guarded, whatever the link says.
package struct LinkedRecordingSource: CallRecordingSource {
    private let provider: String
    private let fetch: GuardedFetch
    private let limits: GuardedFetch.Limits
    private let base: FetchURL?
    private let key: String?

    /// - Parameters:
    ///   - base: of the provider's API, as configured; the key is shown there and nowhere else.
    ///   - key: stands in `Authorization`.
    package init(provider: String, fetch: GuardedFetch, maximumBytes: Int, base: String, key: String?) {
        self.provider = provider
        self.fetch = fetch
        var limits = GuardedFetch.Limits()
        limits.bytes = maximumBytes
        self.limits = limits
        self.base = try? FetchURL(base)
        self.key = key
    }

    package func fetch(_ recording: ProviderRecording, of call: ProviderCallKey) async throws(AfterCallFault) -> [UInt8]
    {
        guard let url = recording.url else { throw AfterCallFault(.notThere, isPassing: false, provider: provider) }
        var headers: HTTPFields = [:]
        if let key, let base, let own = try? FetchURL(url), own.hasOrigin(of: base) { headers[.authorization] = key }
        let response: VendorResponse
        do throws(VendorError) {
            response = try await fetch.fetch(url, headers: headers, limits: limits)
        } catch {
            throw AfterCallFault(error.code, provider: provider)
        }
        guard response.status.kind == .successful else {
            let after = response.headers[.retryAfter].flatMap { RetryAfter.parse($0, now: Date()) }
            throw AfterCallFault(status: response.status.code, retryAfter: after, provider: provider)
        }
        return response.body
    }
}
