import Actors
import Gateway
import Testing

@Suite struct EzyVetSettingsTests {
    private static let keys = [
        "EZYVET_CLIENT_ID": "a", "EZYVET_CLIENT_SECRET": "secret-of-the-tests", "EZYVET_PARTNER_ID": "c",
        "EZYVET_SITE_UID": "d",
    ]

    private func read(_ more: [String: String], keys: [String: String] = keys) async throws -> EzyVetSettings {
        try await EngineSettings.read(options: [:], environment: keys.merging(more) { $1 }).ezyVet
    }

    @Test(arguments: [
        ("", ["brook"], ["brook"]), ("", ["brook", "harbour"], []), ("", [], []),
        ("brook", ["brook", "harbour"], ["brook"]),
        ("brook, harbour", ["brook", "harbour", "mill"], ["brook", "harbour"]),
        ("brok", ["brook"], []),
    ])
    func onlyTheNamedTenantsUseTheSite(_ named: String, _ loaded: [String], _ served: [String]) async throws {
        let settings = try await read(["EZYVET_TENANTS": named])
        #expect(loaded.filter { settings.serves($0, among: loaded) } == served)
    }

    @Test func aTenantThatIsGoneIsNotServedInsteadOfTheOnlyOne() async throws {
        #expect(!(try await read([:])).serves("gone", among: ["brook"]))
    }

    @Test func withoutAllKeysNobodyIsServed() async throws {
        for key in Self.keys.keys {
            let settings = try await read(["EZYVET_TENANTS": "brook"], keys: Self.keys.filter { $0.key != key })
            #expect(!settings.serves("brook", among: ["brook"]))
            #expect(settings.findings(among: ["brook"]) == ["not usable: set \(key)"])
        }
    }

    @Test func aCheckSaysWhoseTheSiteIs() async throws {
        let bookable = ["EZYVET_SERVICES": "Check-up=15:appointmentType_1", "EZYVET_RESOURCES": "resource_1"]
        let open = try await read(bookable)
        #expect(open.findings(among: ["brook"]) == ["ok, for calls of brook only"])
        let closed = open.findings(among: ["brook", "harbour"])
        #expect(closed.count == 1 && closed[0].hasPrefix("not usable: set EZYVET_TENANTS"))
        #expect(closed[0].contains("brook, harbour"))
        let misspelt = try await read(bookable.merging(["EZYVET_TENANTS": "brok"]) { $1 })
        let none = misspelt.findings(among: ["brook"])
        #expect(none.count == 2 && none[0].hasPrefix("not usable: set EZYVET_TENANTS"))
        #expect(none[1] == "EZYVET_TENANTS names no tenant of the profiles: brok")
        #expect(try await read([:]).findings(among: ["brook"]).last?.contains("EZYVET_SERVICES") == true)
        #expect(EzyVetSettings().findings(among: ["brook"]).isEmpty)
    }

    @Test func servicesAreMinutesAndUids() async throws {
        let list = "Vaccination=20:appointmentType_v, Check-up = 15: appointmentType_c"
        let settings = try await read(["EZYVET_SERVICES": list])
        #expect(
            settings.services == [
                AppointmentService(name: "Check-up", minutes: 15, id: "appointmentType_c"),
                AppointmentService(name: "Vaccination", minutes: 20, id: "appointmentType_v"),
            ]
        )
    }

    @Test(arguments: [
        ("EZYVET_SERVICES", "Check-up=15:12"), ("EZYVET_SERVICES", "Check-up=5:appointmentType_1"),
        ("EZYVET_SERVICES", "Check-up=appointmentType_1"), ("EZYVET_SERVICES", "Check-up=15:"),
        ("EZYVET_RESOURCES", "resource_1,7"), ("EZYVET_TIME_ZONE", "Amerika/New_York"),
    ])
    func aBadValueIsAFaultThatNamesItsSetting(_ key: String, _ value: String) async {
        await #expect {
            _ = try await read([key: value])
        } throws: { error in
            "\(error)".contains(key) && !"\(error)".contains("secret-of-the-tests")
        }
    }

    @Test func theTimeZoneIsTheTenantsUnlessItIsSet() async throws {
        #expect(try await read([:]).timeZone == nil)
        #expect(try await read(["EZYVET_TIME_ZONE": "Europe/Paris"]).timeZone == "Europe/Paris")
    }
}
