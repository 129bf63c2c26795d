import Foundation
import Gateway

/// The notifications of `ringcentral-events.json`.
enum RingCentralVectors {
    struct Sequence: Sendable {
        let id: String
        let bodies: [[UInt8]]

        var notifications: [RingCentralNotification] {
            get throws { try bodies.map { try RingCentralNotification(parsing: $0) } }
        }

        /// One notification tells of one party.
        var changes: [PartyChange] { get throws { try notifications.flatMap(\.changes) } }
    }

    static func sequences() throws -> [Sequence] {
        try WireVectors.list("ringcentral-events.json", "sequences").map { entry in
            Sequence(id: entry.text("id"), bodies: try (entry["events"] as? [[String: Any]] ?? []).map(bytes))
        }
    }

    static func sequence(_ prefix: String) throws -> Sequence {
        guard let found = try sequences().first(where: { $0.id.hasPrefix(prefix) }) else {
            throw CocoaError(.propertyListReadCorrupt)
        }
        return found
    }

    static func flat() throws -> [(body: [UInt8], name: String)] {
        let events = try WireVectors.object("ringcentral-events.json").object("flattened")["events"]
        return try (events as? [[String: Any]] ?? []).map {
            (try bytes($0.object("body")), $0.object("expect").text("normalized"))
        }
    }

    static func presence() throws -> [UInt8] {
        try bytes(WireVectors.object("ringcentral-events.json").object("presence_event"))
    }

    static func reminder() throws -> [UInt8] {
        try bytes(WireVectors.object("ringcentral-events.json").object("subscription_reminder").object("event"))
    }

    static func bytes(_ object: [String: Any]) throws -> [UInt8] {
        Array(try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]))
    }
}

extension RingCentralNotification {
    var changes: [PartyChange] {
        switch kind {
        case .parties(let changes), .presence(_, _, let changes): changes
        case .reminder, .other: []
        }
    }
}
