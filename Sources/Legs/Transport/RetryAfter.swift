import Foundation
import NIOHTTP1

/// How long a vendor asks to be left alone.
///
/// - Source: RFC 9110 section 10.2.3 (seconds or a date); `retry-after-ms` is OpenAI's and Deepgram's own and goes first.
enum RetryAfter {
    /// What is obeyed at most: a caller is waiting.
    static let longest = Duration.seconds(60)

    static func duration(_ headers: HTTPHeaders, now: Date) -> Duration? {
        if let text = headers.first(name: "retry-after-ms"), let milliseconds = Double(text) {
            return bounded(milliseconds / 1000)
        }
        guard let text = headers.first(name: "Retry-After") else { return nil }
        if let seconds = Double(text) { return bounded(seconds) }
        return date(text).flatMap { bounded($0.timeIntervalSince(now)) }
    }

    private static func bounded(_ seconds: Double) -> Duration? {
        guard seconds.isFinite else { return nil }
        return min(longest, .milliseconds(Int64(1000 * min(max(0, seconds), 3600))))
    }

    /// IMF-fixdate, the one form that may be sent (RFC 9110 section 5.6.7).
    private static func date(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return formatter.date(from: text)
    }
}
