import Caller
import Foundation
import Gateway
import TestSupport
import Testing

/// Webhooks at a steady rate against a real engine: how many are served and refused, not how fast.
@Suite("End to end: webhooks", .serialized, .timeLimit(.minutes(5)))
struct WebhookLoadTests {
    @Test func honestOnesAreServedAndForgedOnesAreNot() async throws {
        let engine = try await TestEngine(profiles: [.test], legs: LoadTests.legs) { $0.edge.requestsPerSecond = 0 }
        let load = WebhookLoad(
            engineURL: engine.url,
            requestsPerSecond: 100,
            duration: .seconds(3),
            authToken: engine.authToken
        )
        let report = try await load.run()
        try await engine.stop()
        #expect(report.honest.sent + report.replayed.sent + report.tampered.sent == 300)
        #expect(report.honest.served == report.honest.sent, "\(report.failures)")
        #expect(report.replayed.served == report.replayed.sent && report.replayed.sent == 12)
        #expect(report.tampered.refused == report.tampered.sent && report.tampered.sent == 6)
        #expect(report.isSignatureEnforced && report.errorShare == 0)
    }

    @Test func aWrongTokenIsSeenAsEveryRequestRefused() async throws {
        let engine = try await TestEngine(profiles: [.test], legs: LoadTests.legs) { $0.edge.requestsPerSecond = 0 }
        let load = WebhookLoad(
            engineURL: engine.url,
            requestsPerSecond: 50,
            duration: .seconds(1),
            authToken: "not the engine's token at all"
        )
        let report = try await load.run()
        try await engine.stop()
        #expect(report.honest.refused == report.honest.sent && report.honest.served == 0)
        #expect(!report.isSignatureEnforced && report.errorShare == 1)
    }

    @Test func anotherMachineIsNotAttacked() async {
        let load = WebhookLoad(
            engineURL: "http://203.0.113.1",
            requestsPerSecond: 10,
            duration: .seconds(1),
            authToken: "t"
        )
        await #expect(throws: LoadConfiguration.Fault.self) { try await load.run() }
    }
}
