import Actors
import Foundation
import Gateway
import TestSupport
import Testing

@Suite("Tenant summary")
struct TenantSummaryTests {
    private func line(_ part: String, _ profile: TenantProfile, at utc: String = "2026-06-01T12:00:00Z") throws
        -> String
    {
        let date = try Date(utc, strategy: .iso8601)
        return try #require(TenantSummary.lines(profile, at: date).first { $0.part == part }?.text)
    }

    @Test("A tenant with everything is told part by part, at this moment")
    func full() throws {
        let profile = try ProfileReader().read(text: ReachFixtures.full, file: "a.yaml")
        #expect(
            try line("hours", profile, at: "2026-06-01T13:00:00Z")
                == "closed now: callers hear so, then voicemail (2 days a week, 2 holidays, UTC)"
        )
        #expect(try line("hours", profile, at: "2026-06-01T10:00:00Z") == "open now (2 days a week, 2 holidays, UTC)")
        #expect(try line("menu", profile) == "* menu, 1 agent, 2 transfer, 3 transfer; said 3 times, then hang up")
        #expect(try line("voicemail", profile) == "90 seconds at most, transcribed where the provider can")
        #expect(try line("transfer", profile) == "to the number that ends in 42, who is told first; by name: events")
        #expect(try line("consent", profile) == "callers are asked; nothing is recorded without a yes")
        #expect(try line("limits", profile) == "4 calls at a time, 120 requests a minute")
        #expect(try line("mode", profile) == "triage")
        #expect(try line("languages", profile) == "besides its own: es-US")
        let all = TenantSummary.lines(profile, at: .now).map(\.text).joined()
        #expect(!all.contains("2025550"))
    }

    @Test("A plain tenant is told as plainly")
    func plain() throws {
        var profile = TenantProfile.test
        profile.transfer = nil
        #expect(try line("hours", profile) == "open at all times")
        #expect(try line("menu", profile) == "none" && line("voicemail", profile) == "none")
        #expect(try line("transfer", profile) == "none: nobody takes over")
        #expect(try line("consent", profile) == "nothing is said about recording")
        #expect(try line("limits", profile) == "the engine's")
        #expect(TenantSummary.lines(profile, at: .now).count == 6)
    }
}
