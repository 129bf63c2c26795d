import Actors
import AsyncHTTPClient
import Legs
import NIOPosix
import Testing
import VendorServers

extension VendorLoopback {
    @Suite("Recordings in words")
    struct RecordingTranscriberTests {
        typealias Segment = RecordingTranscript.Segment
        typealias Word = RecordingTranscript.Word

        /// Short for what is meant to be late, long for everything else.
        private func limits(for fault: VendorFault) -> VendorLimits {
            let isLate = fault == .halfOpen || fault == .slowDrip
            return VendorLimits(
                response: isLate ? .milliseconds(300) : .seconds(60),
                idle: .seconds(60),
                whole: isLate ? .milliseconds(300) : .seconds(60),
                refusal: .seconds(60),
                bodyBytes: 100_000
            )
        }

        private func deepgram(
            _ change: (inout DeepgramRecordingConfiguration) -> Void = { _ in },
            _ body: (DeepgramServer, DeepgramPrerecorded) async throws -> Void
        ) async throws {
            let server = try await DeepgramServer(DeepgramScript(.utterances([], least: 1)))
            let client = VendorHTTP.client(group: MultiThreadedEventLoopGroup.singleton)
            var configuration = DeepgramRecordingConfiguration(key: DeepgramServer.key, baseURL: server.baseURL)
            change(&configuration)
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(server, DeepgramPrerecorded(configuration, client: client)))
            } catch { result = .failure(error) }
            try await client.shutdown()
            await server.stop()
            try result.get()
        }

        private func whisper(
            _ change: (inout WhisperConfiguration) -> Void = { _ in },
            _ body: (WhisperServer, WhisperTranscription) async throws -> Void
        ) async throws {
            let server = try await WhisperServer()
            let client = VendorHTTP.client(group: MultiThreadedEventLoopGroup.singleton)
            var configuration = WhisperConfiguration(key: WhisperServer.key, baseURL: server.baseURL)
            change(&configuration)
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(server, WhisperTranscription(configuration, client: client)))
            } catch { result = .failure(error) }
            try await client.shutdown()
            await server.stop()
            try result.get()
        }

        /// Every byte there is, so that none can be lost.
        private let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }

        @Test func deepgramTellsThePartiesApartByChannel() async throws {
            try await deepgram { server, transcriber in
                let audio = RecordingAudio(bytes: bytes, channels: 2, language: "en-US", terms: ["Oakfield"])
                let transcript = try await transcriber.transcribe(audio)
                #expect(transcript.language == "en")
                #expect(transcript.provider == "deepgram")
                #expect(
                    transcript.segments == [
                        Segment(
                            text: "Good morning.",
                            start: 0.5,
                            end: 1.4,
                            channel: 0,
                            words: [
                                Word(text: "Good", start: 0.5, end: 0.9, confidence: 0.97),
                                Word(text: "morning.", start: 0.9, end: 1.4, confidence: 0.99),
                            ],
                            language: "en",
                            confidence: 0.98
                        ),
                        Segment(
                            text: "Hello there.",
                            start: 2,
                            end: 3,
                            channel: 1,
                            words: [
                                Word(text: "Hello", start: 2, end: 2.4, confidence: 0.9),
                                Word(text: "there.", start: 2.4, end: 3, confidence: 0.92),
                            ],
                            language: "en",
                            confidence: 0.91
                        ),
                    ]
                )
                let file = server.files[0]
                #expect(file.bytes == bytes)
                #expect(file.contentType == "audio/wav")
                #expect(file.query["multichannel"] == ["true"])
                #expect(file.query["language"] == ["en-US"])
                #expect(file.query["keyterm"] == ["Oakfield"])
                let mono = try await transcriber.transcribe(RecordingAudio(bytes: bytes))
                #expect(mono.segments.map(\.speaker) == [0, nil])
                #expect(mono.segments.allSatisfy { $0.channel == nil })
                #expect(server.files[1].query["detect_language"] == ["true"])
            }
        }

        @Test func whisperGivesSegmentsWithTheirWordsAndLeavesSilenceOut() async throws {
            try await whisper { server, transcriber in
                let audio = RecordingAudio(bytes: bytes, language: "en-US", terms: ["Oakfield", "Rex"])
                let transcript = try await transcriber.transcribe(audio)
                #expect(transcript.language == "en")
                #expect(transcript.segments.map(\.text) == ["Good morning.", "Hello there."])
                #expect(
                    transcript.segments.map { $0.words.map(\.text) } == [["Good", "morning"], ["Hello", "there"]]
                )
                #expect(transcript.segments.map(\.start) == [0.5, 2])
                #expect(abs((transcript.segments[0].confidence ?? 0) - 0.9048) < 0.001)
                let form = server.forms[0]
                #expect(
                    form.dropLast().map { [$0.name, $0.text] } == [
                        ["model", "whisper-1"], ["response_format", "verbose_json"],
                        ["timestamp_granularities[]", "word"],
                        ["timestamp_granularities[]", "segment"], ["language", "en"], ["prompt", "Oakfield, Rex"],
                    ]
                )
                #expect(form.last?.name == "file")
                #expect(form.last?.fileName == "recording.wav")
                #expect(form.last?.contentType == "audio/wav")
                #expect(form.last?.bytes == bytes)
            }
        }

        @Test func aModelWithoutTimesGivesOneSegment() async throws {
            try await whisper { configuration in
                configuration.hasTimes = false
                configuration.model = "gpt-4o-transcribe"
            } _: { _, transcriber in
                let transcript = try await transcriber.transcribe(RecordingAudio(bytes: bytes))
                #expect(transcript.segments == [Segment(text: "Good morning.", start: 0, end: 0)])
            }
        }

        @Test(
            arguments: [
                ([], "audio/wav", "the recording is empty"),
                (
                    Array(repeating: 0, count: 101), "audio/wav",
                    "the recording is longer than 100 bytes, the largest that is taken"
                ),
                ([1], "audio/basic", "the recording's type is none of flac, mp3, mp4, ogg, wav and webm"),
            ] as [([UInt8], String, String)]
        )
        func whatTheVendorWouldNotTakeIsNotSent(bytes: [UInt8], type: String, cause: String) async throws {
            try await whisper {
                $0.maximumBytes = 100
            } _: { server, transcriber in
                let error = await #expect(throws: LegError.self) {
                    _ = try await transcriber.transcribe(RecordingAudio(bytes: bytes, contentType: type))
                }
                #expect(error?.code == "refused")
                #expect(error?.cause == cause)
                #expect(server.forms.isEmpty)
            }
        }

        static let codes: [(VendorFault, String)] = [
            (.unauthorized, "refused"), (.tooManyRequests, "busy"), (.serverError, "unavailable"),
            (.malformed, "protocol"),
            (.reset, "unavailable"), (.halfOpen, "timeout"), (.slowDrip, "timeout"), (.truncatedUTF8, "protocol"),
            (.empty, "protocol"), (.endless, "protocol"),
        ]

        @Test(arguments: codes) func eachFaultIsOneClearError(fault: VendorFault, code: String) async throws {
            try await deepgram {
                $0.limits = limits(for: fault)
            } _: { server, transcriber in
                server.fault(.vendor(fault))
                let error = await #expect(throws: LegError.self) {
                    _ = try await transcriber.transcribe(RecordingAudio(bytes: bytes))
                }
                #expect(error?.code == code)
                #expect(error?.provider == "deepgram")
                #expect(error?.retryAfter == (fault == .tooManyRequests ? .seconds(1) : nil))
            }
            try await whisper {
                $0.limits = limits(for: fault)
            } _: { server, transcriber in
                server.fault(fault)
                let error = await #expect(throws: LegError.self) {
                    _ = try await transcriber.transcribe(RecordingAudio(bytes: bytes))
                }
                #expect(error?.code == code)
                #expect(error?.provider == "openai")
            }
        }

        @Test func aFaultForEveryKindIsInTheTable() {
            #expect(Set(Self.codes.map(\.0)) == Set(VendorFault.allCases))
        }
    }
}
