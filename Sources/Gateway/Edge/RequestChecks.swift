import NIOHTTP1

/// What is wrong with a request's head, decided from the head alone.
///
/// - Source: RFC 9112 sections 3.2 (Host, target) and 6.3 (length of a body: the rules against request smuggling),
///   RFC 9110 section 8.4 (Content-Encoding).
package enum RequestChecks {
    /// - Returns: nil for a head that may go on.
    package static func refusal(of head: HTTPRequestHead, limits: RequestLimits) -> EdgeRefusal? {
        if head.uri.utf8.count > limits.requestLineBytes { return .uriTooLong }
        if fieldBytes(head.headers) > limits.headerBytes { return .headerTooLarge }
        // An absolute target would name a path the router sees and these checks do not.
        guard head.uri.hasPrefix("/") || (head.uri == "*" && head.method == .OPTIONS),
            head.uri.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return .badTarget }
        let hosts = head.headers["Host"]
        guard hosts.count == 1 || (hosts.isEmpty && head.version.minor < 1) else { return .badHost }
        if let host = hosts.first, !ForwardedRequest.isAuthority(host) { return .badHost }
        return framing(head, limits) ?? encoding(head)
    }

    /// Names and values, without what stands between them.
    private static func fieldBytes(_ headers: HTTPHeaders) -> Int {
        headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    }

    private static func framing(_ head: HTTPRequestHead, _ limits: RequestLimits) -> EdgeRefusal? {
        let codings = head.headers["Transfer-Encoding"]
        let lengths = head.headers["Content-Length"]
        if !codings.isEmpty {
            guard codings.count == 1, codings[0].lowercased() == "chunked", lengths.isEmpty else { return .badFraming }
            // An older peer cannot know chunks (RFC 9112 section 6.1).
            return head.version.minor < 1 ? .badFraming : nil
        }
        guard let length = lengths.first else { return nil }
        guard lengths.count == 1, !length.isEmpty, length.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return .badFraming
        }
        guard let bytes = Int(length), bytes <= limits.bodyBytes else { return .tooLarge }
        return nil
    }

    /// A small compressed body can become gigabytes; no provider compresses its webhooks.
    private static func encoding(_ head: HTTPRequestHead) -> EdgeRefusal? {
        head.headers[canonicalForm: "Content-Encoding"].allSatisfy { $0.lowercased() == "identity" } ? nil : .encoding
    }

    /// Whether a body follows.
    package static func hasBody(_ head: HTTPRequestHead) -> Bool {
        !head.headers["Transfer-Encoding"].isEmpty || !["", "0"].contains(head.headers["Content-Length"].first ?? "")
    }
}
