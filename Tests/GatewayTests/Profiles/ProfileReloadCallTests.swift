import Actors
import Foundation
import Gateway
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

extension Loopback {
    @Suite("Reloading profiles during calls") struct ProfileReloadCalls {
        /// Remembers what it was asked to say, and speaks like the fake.
        private final class Listening: Synthesizer {
            let provider = "fake"
            private let texts = Mutex<[String]>([])
            var said: [String] { texts.withLock { $0 } }

            func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
                texts.withLock { $0.append(request.text) }
                return FakeSynthesizer().synthesize(request)
            }
        }

        private static func profile(_ greeting: String, emergency: String) -> String {
            ProfileFixtures.good(replacing: "greeting: Hello.", with: "greeting: \(greeting)")
                .replacingOccurrences(of: "words: [fire alarm]", with: "words: [fire alarm]\n  say: \(emergency)")
        }

        /// An engine over a folder of profiles.
        private func run(
            interval: Duration,
            script: [String] = [],
            _ body: (EngineRig, ProfileFolder, ProfileStore, Listening) async throws -> Void
        ) async throws {
            let folder = try ProfileFolder()
            try folder.write("tenants/a.yaml", Self.profile("Old greeting.", emergency: "Old help."))
            let directory = ProfileDirectory.load(path: folder.path + "/tenants")
            try #require(directory.faults.isEmpty, "\(directory.faults)")
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            let store = ProfileStore(
                directory,
                settings: EngineRig.settings,
                interval: interval,
                logger: logger,
                prepare: { _ in }
            )
            let voice = Listening()
            let (ports, port) = AsyncStream.makeStream(of: Int.self)
            let engine = try await ParleyEngine(
                settings: EngineRig.settings,
                tenants: store,
                legs: LegSource(
                    LegSet(
                        transcriber: FakeTranscriber(script),
                        model: FakeModel { _ in [.text("Yes.")] },
                        synthesizer: voice
                    )
                ),
                group: MultiThreadedEventLoopGroup.singleton,
                logger: logger
            ) { port.yield($0) }
            let group = ServiceGroup(services: [engine], logger: logger)
            let running = Task {
                defer { port.finish() }
                try await group.run()
            }
            do {
                for await number in ports {
                    try await body(EngineRig(port: number, group: group, book: engine.book), folder, store, voice)
                    break
                }
            } catch {
                await group.triggerGracefulShutdown()
                _ = await running.result
                throw error
            }
            await group.triggerGracefulShutdown()
            try await running.value
        }

        @Test func aLiveCallGoesOnWithItsProfileAndTheNextCallGetsTheNewOne() async throws {
            try await run(interval: .seconds(3600), script: ["fire alarm"]) { rig, folder, store, voice in
                let live = try await TestSocket.open(port: rig.port)
                live.returnsMarks = true
                try await live.start(call: "CA1", tenant: "a")
                _ = try await live.greeting()
                #expect(voice.said == ["Old greeting."])

                try folder.write("tenants/a.yaml", Self.profile("New greeting.", emergency: "New help."))
                #expect(await store.reload() == .applied)
                let next = try await TestSocket.open(port: rig.port)
                try await next.start(call: "CA2", tenant: "a")
                _ = try await next.greeting()
                #expect(voice.said.contains("New greeting."))
                try await next.stop()
                _ = try await next.closeCode()

                // The call that began before says its own words, and hands over to its own number.
                try await live.speak(TestSocket.utterance())
                #expect(try await live.closeCode() == 1000)
                #expect(voice.said.contains("Old help.") && !voice.said.contains("New help."), "\(voice.said)")
            }
        }

        @Test func anEditIsNoticedByTheRunningEngineAndABadOneRefused() async throws {
            try await run(interval: .milliseconds(5)) { rig, folder, store, _ in
                func reloads(_ outcome: String) -> String { #"parley_profile_reloads_total{outcome="\#(outcome)"}"# }
                for outcome in ["applied", "refused", "unprepared"] {
                    #expect(try await rig.metric(reloads(outcome)) == 0)
                }
                try folder.replace("tenants/a.yaml", Self.profile("New greeting.", emergency: "New help."))
                try await rig.wait(for: reloads("applied"), toBe: 1)
                #expect(store.tenants.profile(id: "a")?.greeting == "New greeting.")
                try folder.replace("tenants/a.yaml", "greeting: [")
                try await rig.wait(for: reloads("refused"), toBe: 1)
                #expect(store.tenants.profile(id: "a")?.greeting == "New greeting.")
                let socket = try await TestSocket.open(port: rig.port)
                try await socket.start(tenant: "a")
                #expect(try await socket.greeting() != nil)
            }
        }
    }
}
