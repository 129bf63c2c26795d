/// Where a provider's recordings are had. One attempt: the job asks again.
package protocol CallRecordingSource: Sendable {
    /// - Throws: `AfterCallFault`, and nothing that holds an address.
    func fetch(_ recording: ProviderRecording, of call: ProviderCallKey) async throws(AfterCallFault) -> [UInt8]
}

extension AfterCallFault {
    /// An HTTP answer without a recording in it.
    package init(status: Int, retryAfter: Duration?, provider: String) {
        switch status {
        case 404, 410: self.init(.notThere, isPassing: status == 404, retryAfter: retryAfter, provider: provider)
        case 408, 500...599: self.init(.unreachable, isPassing: true, retryAfter: retryAfter, provider: provider)
        case 425, 429: self.init(.busy, isPassing: true, retryAfter: retryAfter, provider: provider)
        default: self.init(.refused, isPassing: false, provider: provider)
        }
    }

    package init(_ code: VendorError.Code, provider: String) {
        switch code {
        case .unreachable: self.init(.unreachable, isPassing: true, provider: provider)
        case .timeout: self.init(.timeout, isPassing: true, provider: provider)
        case .tooLarge: self.init(.tooLarge, isPassing: false, provider: provider)
        case .forbiddenAddress: self.init(.forbiddenAddress, isPassing: false, provider: provider)
        case .unexpectedContent: self.init(.wrongType, isPassing: false, provider: provider)
        case .cancelled: self.init(.cancelled, isPassing: false, provider: provider)
        }
    }
}
