import Actors
import Engine
import Synchronization

/// Takes out of a call's words what its tenant's profile says (`redaction`), before a sink is told of them.
package final class TenantRedaction: CallObserver {
    private struct Made {
        var policy: RedactionPolicy
        var languages: [String]
        var redactor: Redactor
    }

    private let sink: RedactionSink
    private let next: any CallObserver
    private let profile: @Sendable (String) -> TenantProfile?
    private let made = Mutex<[String: Made]>([:])

    /// - Parameter profile: a tenant's profile of this moment; nil for one that is gone: then everything is taken out.
    package init(
        _ sink: RedactionSink,
        before next: any CallObserver,
        profile: @escaping @Sendable (String) -> TenantProfile?
    ) {
        self.sink = sink
        self.next = next
        self.profile = profile
    }

    package func call(_ call: CallIdentity, at instant: MediaInstant, _ happening: CallHappening) {
        switch happening {
        case .callerSaid, .agentSaid, .interrupted:
            next.call(call, at: instant, happening.redacted(by: redactor(of: call.tenant)))
        default:
            next.call(call, at: instant, happening)
        }
    }

    /// Made anew when the tenant's profile has changed: it holds tables.
    private func redactor(of tenant: String) -> Redactor {
        guard let profile = profile(tenant) else { return Redactor(kinds: Set(PersonalKind.allCases)) }
        return made.withLock { made in
            if let known = made[tenant], known.policy == profile.redaction, known.languages == profile.spokenLanguages {
                return known.redactor
            }
            let redactor = profile.redactor(for: sink)
            made[tenant] = Made(policy: profile.redaction, languages: profile.spokenLanguages, redactor: redactor)
            return redactor
        }
    }
}
