import Foundation
import Gateway
import Logging
import Synchronization
import Testing

@Suite("JSON log handler")
struct JSONLogHandlerTests {
    /// The lines a logger wrote.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private func written(_ level: Logger.Level = .trace, _ log: (inout Logger) -> Void) throws -> [[String: Any]] {
        let lines = Lines()
        var logger = Logger(label: "parley.test") { JSONLogHandler(label: $0, level: level, write: lines.add) }
        log(&logger)
        return try lines.all.map { line in
            #expect(line.hasSuffix("}\n") && line.dropLast().allSatisfy { $0 != "\n" }, "one line per event")
            return try WireVectors.parse(Data(line.utf8))
        }
    }

    @Test func everyEventIsOneObjectOnOneLine() throws {
        let lines = try written { logger in
            logger[metadataKey: "call.id"] = "c1"
            logger.info("call started", metadata: ["call.tenant": "a"])
            logger.error("call lost")
        }
        #expect(lines.count == 2)
        #expect(lines[0].text("level") == "info" && lines[0].text("message") == "call started")
        #expect(lines[0].text("logger") == "parley.test")
        #expect(lines[0].text("call.id") == "c1" && lines[0].text("call.tenant") == "a")
        #expect(lines[1].text("level") == "error" && lines[1].text("call.id") == "c1" && lines[1]["call.tenant"] == nil)
        #expect(
            lines[0].text("time").wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil,
            "\(lines[0].text("time"))"
        )
    }

    @Test(arguments: [
        "quote \" back \\ slash", "line\nfeed\r\ttab", "nul\u{0}bell\u{7}", "é😀\u{2028}", "}{\",\"a\":\"b",
    ])
    func whateverIsLoggedStaysInItsField(_ text: String) throws {
        let line = try #require(
            try written { $0.warning("\(text)", metadata: ["key \(text)": "\(text)", "list": ["\(text)"]]) }.first
        )
        #expect(line.text("message") == text && line.text("key \(text)") == text)
        #expect(line.count == 6)
    }

    @Test func personalDataIsMasked() throws {
        let lines = try written { logger in
            logger[metadataKey: "pii.caller"] = "+15550100"
            logger.info(
                "call",
                metadata: ["call.pii.text": "+15550100", "pii": "+15550100", "pilot": "x", "call.pi.i": "y"]
            )
        }
        let line = try #require(lines.first)
        for key in ["pii.caller", "call.pii.text", "pii"] { #expect(line.text(key) == "<masked>") }
        #expect(line.text("pilot") == "x" && line.text("call.pi.i") == "y")
        #expect(!"\(line)".contains("+15550100"))
    }

    @Test func personalDataInsideAValueIsMaskedToo() throws {
        let line = try #require(
            try written {
                $0.info(
                    "call",
                    metadata: ["call": ["pii.caller": "+15550100", "id": "c1"], "all": [["pii": "+15550100"]]]
                )
            }.first
        )
        #expect(!"\(line)".contains("+15550100"))
        #expect(line.text("call").contains("c1"))
    }

    @Test func lessThanTheLevelIsNotWritten() throws {
        let lines = try written(.warning) { logger in
            logger.info("no")
            logger.warning("yes")
            logger.logLevel = .debug
            logger.debug("yes")
        }
        #expect(lines.map { $0.text("level") } == ["warning", "debug"])
    }

    @Test func theProvidersMetadataIsThereAndTheEventsOwnWins() throws {
        let lines = Lines()
        var logger = Logger(label: "l") { label in
            var handler = JSONLogHandler(label: label, level: .info, write: lines.add)
            handler.metadataProvider = Logger.MetadataProvider { ["a": "provider", "b": "provider", "c": "provider"] }
            return handler
        }
        logger[metadataKey: "b"] = "logger"
        logger.info("x", metadata: ["c": "event"])
        let line = try WireVectors.parse(Data(try #require(lines.all.first).utf8))
        #expect(line.text("a") == "provider" && line.text("b") == "logger" && line.text("c") == "event")
    }
}
