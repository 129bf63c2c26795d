/// Lets Ringover's webhooks through and no others. Fails closed.
package struct RingoverGuard: Sendable {
    package let settings: RingoverSettings
    /// `ENVIRONMENT=development`: a webhook without a signature is accepted. One with a signature must still be right.
    package let acceptsUnsigned: Bool

    package init(settings: RingoverSettings, acceptsUnsigned: Bool) {
        self.settings = settings
        self.acceptsUnsigned = acceptsUnsigned
    }

    package enum Verdict: Equatable {
        /// `tenant`: the one whose own key proved it, where the webhook itself does not tell whose it is.
        case accepted(tenant: String?)
        case notConfigured
        case refused
    }

    private struct Policy {
        var tenant: String?
        var schemes: [RingoverSettings.WebhookScheme]
        var keys: [String]
    }

    /// - Parameters:
    ///   - tenant: whose webhook it says it is, by the called number or a call that is known; nil when it says nothing.
    ///     The tenant's own key must then have signed it, so that nobody can speak for somebody else.
    ///   - now: seconds since 1970.
    package func verdict(
        _ request: RingoverSignature.Request,
        document: JSONValue?,
        family: RingoverSettings.WebhookFamily,
        tenant: String?,
        now: Int64
    ) -> Verdict {
        if acceptsUnsigned, request.isUnsigned { return .accepted(tenant: nil) }
        let policies = policies(family, tenant).filter { !$0.keys.isEmpty }
        guard !policies.isEmpty else { return .notConfigured }
        var verdict = Verdict.refused
        for policy in policies {
            let isValid = RingoverSignature.isValid(
                request,
                document: document,
                schemes: policy.schemes,
                keys: policy.keys,
                now: now
            )
            if isValid, verdict == .refused { verdict = .accepted(tenant: policy.tenant) }
        }
        return verdict
    }

    private func policies(_ family: RingoverSettings.WebhookFamily, _ tenant: String?) -> [Policy] {
        let common = Policy(
            schemes: settings.webhookSchemes,
            keys: settings.webhookFamilySecrets[family] ?? settings.webhookSecrets
        )
        if let tenant {
            guard let own = settings.webhookTenants[tenant] else { return [common] }
            return [Policy(tenant: tenant, schemes: [own.scheme], keys: [own.secret])]
        }
        let own = settings.webhookTenants.sorted { $0.key < $1.key }
        return [common] + own.map { Policy(tenant: $0.key, schemes: [$0.value.scheme], keys: [$0.value.secret]) }
    }

    private var isConfigured: Bool {
        !settings.webhookSecrets.isEmpty || !settings.webhookTenants.isEmpty
            || settings.webhookFamilySecrets.values.contains { !$0.isEmpty }
    }

    /// For health and `parley check`.
    package var state: String {
        isConfigured ? "checked" : acceptsUnsigned ? "unsigned requests are accepted" : "no secret: refused"
    }
}
