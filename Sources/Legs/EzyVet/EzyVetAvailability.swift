import Actors
import Foundation

/// Free times as the calendar answers them: rows of JSON:API, one for each column and day.
struct EzyVetAvailability: Decodable, Sendable {
    struct Reference: Decodable, Sendable {
        let id: String
    }

    struct Slot: Decodable, Sendable {
        struct Relations: Decodable, Sendable {
            struct Types: Decodable, Sendable {
                let data: [Reference]
            }
            let appointmentType: Types
        }
        /// Time of the row's day with its offset, `09:30:00.000-04:00`; a date before it does not count.
        let start: String
        /// Minutes.
        let duration: Int
        let available: Bool
        let relationships: Relations
    }

    struct Row: Decodable, Sendable {
        struct Attributes: Decodable, Sendable {
            let date: String
            let timezone: String
            let slots: [Slot]
        }
        struct Relations: Decodable, Sendable {
            struct One: Decodable, Sendable {
                let data: Reference?
                let id: String?
            }
            let resource: One
        }
        let attributes: Attributes
        let relationships: Relations

        var resource: String? { relationships.resource.id ?? relationships.resource.data?.id }
    }

    struct Free: Sendable, Hashable {
        /// Seconds since 1970.
        let startsAt: Double
        let resource: String
    }

    let data: [Row]

    /// - Parameter clock: the practice's own.
    /// - Throws: `ToolFault` for rows of another zone, day or column: they would be booked at a wrong time.
    func free(
        on day: CivilDay,
        for service: AppointmentService,
        in resources: [String],
        _ timeZone: String,
        _ clock: TenantClock
    ) throws -> [Free] {
        var free: [Free] = []
        for row in data {
            guard let resource = row.resource, resources.contains(resource), row.attributes.timezone == timeZone,
                row.attributes.date == day.description
            else { throw ToolFault.malformed("free times of another day, zone or column") }
            for slot in row.attributes.slots where slot.available && slot.duration == service.minutes {
                guard slot.relationships.appointmentType.data.contains(where: { $0.id == service.id }) else { continue }
                guard let moment = Self.moment(slot.start, on: day),
                    clock.text(moment) == "\(day)T" + slot.time.prefix(5)
                else { throw ToolFault.malformed("a free time that is not the practice's clock's") }
                free.append(Free(startsAt: moment, resource: resource))
            }
        }
        return free.sorted { ($0.startsAt, $0.resource) < ($1.startsAt, $1.resource) }
    }

    /// - Parameter start: `09:30:00.000-04:00`, or a whole date and time of ISO 8601.
    private static func moment(_ start: String, on day: CivilDay) -> Double? {
        let time = start.split(separator: "T").last ?? ""
        guard let sign = time.lastIndex(where: { "+-Z".contains($0) }) else { return nil }
        let clock = time[..<sign].prefix { $0 != "." }.split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (0..<60).contains(clock[2])
        else { return nil }
        var offset = 0
        if time[sign] != "Z" {
            let parts = time[sign...].dropFirst().split(separator: ":").compactMap { Int($0) }
            guard parts.count == 2, (0...14).contains(parts[0]), (0..<60).contains(parts[1]) else { return nil }
            offset = (parts[0] * 60 + parts[1]) * (time[sign] == "-" ? -60 : 60)
        }
        let seconds = clock[0] * 3600 + clock[1] * 60 + clock[2]
        return Double(day.daysSinceEpoch * 86_400 + seconds - offset)
    }
}

extension EzyVetAvailability.Slot {
    fileprivate var time: Substring { start.split(separator: "T").last ?? "" }
}
