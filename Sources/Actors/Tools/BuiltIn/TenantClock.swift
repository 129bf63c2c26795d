import Foundation

/// A tenant's wall clock: what "Monday at half past two" means, and whether the tenant is there then.
public struct TenantClock: Sendable {
    public enum Fault: Error, Equatable {
        /// Not `2026-12-24T14:30`.
        case unreadable
        /// The clocks go forward over it.
        case skipped
    }

    private let zone: TimeZone
    private let hours: TenantProfile.Hours?
    private let zoneName: String

    public init(_ profile: TenantProfile) {
        zone = TimeZone(identifier: profile.timeZone) ?? .gmt
        zoneName = profile.timeZone
        hours = profile.hours
    }

    /// Seconds since 1970 of a time on the wall, `2026-12-24T14:30`. An hour that comes twice is its first one.
    public func moment(_ text: String) throws(Fault) -> Double {
        let halves = text.split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count == 2, let day = CivilDay(String(halves[0])), let minute = Self.minute(halves[1]) else {
            throw .unreadable
        }
        let local = Double(day.daysSinceEpoch * 86_400 + minute * 60)
        // The zone's offsets on both sides of a change: the earlier moment that shows this time is the one.
        let offsets = [local - 86_400, local + 86_400].map { zone.secondsFromGMT(for: Date(timeIntervalSince1970: $0)) }
        let moments = offsets.map { local - Double($0) }.sorted()
        guard let moment = moments.first(where: { self.text($0) == text }) else { throw .skipped }
        return moment
    }

    /// The wall clock at a moment, `2026-12-24T14:30`.
    public func text(_ moment: Double) -> String {
        let (day, minute) = wall(moment)
        return "\(day)T\(Self.two(minute / 60)):\(Self.two(minute % 60))"
    }

    public func day(_ moment: Double) -> CivilDay { wall(moment).day }

    /// Whether the tenant is there from the first to the last minute.
    public func isOpen(from moment: Double, minutes: Int) -> Bool {
        guard let hours else { return true }
        return (0..<max(1, minutes)).allSatisfy {
            hours.isOpen(at: Date(timeIntervalSince1970: moment + Double($0 * 60)), timeZone: zoneName)
        }
    }

    private func wall(_ moment: Double) -> (day: CivilDay, minute: Int) {
        // Far outside any calendar, a moment is clamped instead of trapping.
        let seconds = moment.isNaN ? 0 : min(max(moment, -1e11), 1e11)
        let local = Int(seconds.rounded(.down)) + zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds))
        let days = Int((Double(local) / 86_400).rounded(.down))
        return (CivilDay(daysSinceEpoch: days), (local - days * 86_400) / 60)
    }

    /// Minutes since midnight of `14:30`.
    private static func minute(_ text: Substring) -> Int? {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 2], parts.joined().allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        return numbers[0] < 24 && numbers[1] < 60 ? numbers[0] * 60 + numbers[1] : nil
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
