import Actors
import Engine
import TestSupport

extension TenantProfile {
    /// The small tenant with a menu and a voicemail.
    static func withMenu(otherwise: Way = .transfer(nil), attempts: Int = 2) -> TenantProfile {
        var tenant = TenantProfile.test
        tenant.menu = .init(
            say: "For appointments press one.",
            choices: [
                "1": .init(say: "Appointments.", way: .transfer("+15550111")), "2": .init(way: .agent),
                "3": .init(way: .voicemail), "*": .init(way: .menu), "#": .init(say: "Goodbye.", way: .hangUp),
            ],
            timeoutSeconds: 4,
            attempts: attempts,
            otherwise: otherwise
        )
        tenant.voicemail = .init(say: "Leave a message.", maximumSeconds: 90, isTranscribed: true)
        return tenant
    }
}

extension CallOutcome {
    static func ended(_ reason: EndReason, to number: String? = nil, brief: String? = nil) -> CallOutcome {
        CallOutcome(
            reason: reason,
            turns: 1,
            interruptions: 0,
            duration: .seconds(5),
            transferTo: number,
            transferBrief: brief
        )
    }
}
