import Gateway
import Testing

@Suite("Ringover guard")
struct RingoverGuardTests {
    private static let body = Array(#"{"event":"ringing"}"#.utf8)

    private func request(signedWith key: String?) -> RingoverSignature.Request {
        var request = RingoverSignature.Request(method: "POST", url: "https://voice.example.net/x", body: Self.body)
        request.plain = key.map {
            Hexadecimal.text(MessageAuthentication.code(.sha256, key: Array($0.utf8), message: Self.body))
        }
        return request
    }

    private func verdict(
        _ settings: RingoverSettings,
        _ key: String?,
        family: RingoverSettings.WebhookFamily = .call,
        tenant: String? = nil,
        development: Bool = false
    ) -> RingoverGuard.Verdict {
        RingoverGuard(settings: settings, acceptsUnsigned: development).verdict(
            request(signedWith: key),
            document: try? JSONValue(parsing: Self.body),
            family: family,
            tenant: tenant,
            now: 0
        )
    }

    @Test func withoutAKeyNothingGetsIn() {
        let settings = RingoverSettings()
        #expect(verdict(settings, nil) == .notConfigured && verdict(settings, "k") == .notConfigured)
        #expect(verdict(settings, nil, development: true) == .accepted(tenant: nil))
        #expect(verdict(settings, "k", development: true) == .notConfigured)
    }

    @Test func developmentTakesUnsignedRequestsAndNoWrongOnes() {
        var settings = RingoverSettings()
        settings.webhookSecrets = ["right"]
        #expect(verdict(settings, nil, development: true) == .accepted(tenant: nil))
        #expect(verdict(settings, "right", development: true) == .accepted(tenant: nil))
        #expect(verdict(settings, "wrong", development: true) == .refused)
        #expect(verdict(settings, nil) == .refused)
    }

    @Test func eachFamilyHasItsOwnKey() {
        var settings = RingoverSettings()
        settings.webhookSecrets = ["common"]
        settings.webhookFamilySecrets = [.contact: ["contact"]]
        #expect(verdict(settings, "common") == .accepted(tenant: nil))
        #expect(verdict(settings, "contact") == .refused)
        #expect(verdict(settings, "contact", family: .contact) == .accepted(tenant: nil))
        #expect(verdict(settings, "common", family: .contact) == .refused)
    }

    @Test func aTenantsOwnKeySpeaksForItAlone() {
        var settings = RingoverSettings()
        settings.webhookSecrets = ["common"]
        settings.webhookTenants = ["clinic": .init(scheme: .hmac, secret: "clinic-key")]
        #expect(verdict(settings, "clinic-key", tenant: "clinic") == .accepted(tenant: "clinic"))
        #expect(verdict(settings, "common", tenant: "clinic") == .refused)
        #expect(verdict(settings, "clinic-key", tenant: "cafe") == .refused)
        #expect(verdict(settings, "common", tenant: "cafe") == .accepted(tenant: nil))
        // Nothing says whose it is: then it is the signer's.
        #expect(verdict(settings, "clinic-key") == .accepted(tenant: "clinic"))
        #expect(verdict(settings, "common") == .accepted(tenant: nil))
        settings.webhookTenants["clinic"]?.scheme = .jwt
        #expect(verdict(settings, "clinic-key", tenant: "clinic") == .refused, "another way of signing was agreed on")
    }

    @Test func settingsAreReadAndFaultsNameTheKeyAndNeverTheSecret() async throws {
        let settings = try await EngineSettings.read(
            options: [:],
            environment: [
                "RINGOVER_WEBHOOK_SCHEMES": "jwt, V3", "RINGOVER_WEBHOOK_SECRET": "a,b",
                "RINGOVER_WEBHOOK_SEARCH_SECRET": "c",
                "RINGOVER_WEBHOOK_TENANTS": "clinic=jwt/s3cr3t/with-slash,cafe=hmac/x",
                "RINGOVER_STREAMING_RATE": "16000", "RINGOVER_STREAMING_RTP": "on",
            ]
        ).ringover
        #expect(settings.webhookSchemes == [.jwt, .v3] && settings.webhookSecrets == ["a", "b"])
        #expect(settings.webhookFamilySecrets == [.search: ["c"]])
        #expect(settings.webhookTenants["clinic"] == .init(scheme: .jwt, secret: "s3cr3t/with-slash"))
        #expect(settings.streamingSampleRate == 16_000 && settings.streamingHasRTP)
        for (name, value) in [
            ("RINGOVER_WEBHOOK_SCHEMES", "hmac,md5"), ("RINGOVER_WEBHOOK_TENANTS", "clinic=s3cr3t"),
            ("RINGOVER_STREAMING_RATE", "44100"), ("RINGOVER_WEBHOOK_TENANTS", "s3cr3t"),
        ] {
            do {
                _ = try await EngineSettings.read(options: [:], environment: [name: value])
                Issue.record("\(name)=\(value) was accepted")
            } catch let faults as SettingsFaults {
                #expect(faults.faults.map(\.key) == [name])
                #expect(!faults.description.contains("s3cr3t"))
            }
        }
    }
}
