import Engine

/// What one call of a tool came to.
public struct ToolOutcome: Sendable {
    /// The answer the model gets, a `ChatMessage.tool`.
    public var message: ChatMessage
    public var report: ToolReport
    /// nil where the tool failed.
    public var result: ToolResult?
}

/// Runs the calls of one call's model: arguments read and checked, limits kept, every fault turned into an answer the model
/// can go on with.
public struct ToolRunner: Sendable {
    /// A call of this many bytes or more has arguments no tool takes.
    public static let maximumArgumentBytes = 65_536

    private let tools: [String: any Tool]
    private let request: DialogueRequest
    private let maximumResultCharacters: Int
    private let redact: @Sendable (String) -> String
    private let learn: @Sendable ([String]) -> Void
    private let clock: any Clock<Duration>

    /// - Parameters:
    ///   - maximumResultCharacters: a longer result is cut, and the model told so.
    ///   - redact: for every text in a result, before the model gets it.
    ///   - learn: told the names of the caller in a result, before it is redacted.
    public init(
        _ tools: [any Tool],
        for request: DialogueRequest,
        maximumResultCharacters: Int = 6000,
        redact: @escaping @Sendable (String) -> String = { $0 },
        learn: @escaping @Sendable ([String]) -> Void = { _ in },
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.tools = Dictionary(tools.map { ($0.declaration.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.request = request
        self.maximumResultCharacters = maximumResultCharacters
        self.redact = redact
        self.learn = learn
        self.clock = clock
    }

    public var declarations: [ToolDeclaration] { tools.values.map(\.declaration).sorted { $0.name < $1.name } }

    public func hasEffect(_ name: String) -> Bool { tools[name]?.declaration.hasEffect ?? false }

    /// Runs one call to its end, its failure or its time limit.
    ///
    /// A tool with an effect first waits for `commit`; that wait is not part of its time.
    /// - Parameter willStart: called once the tool itself is about to run.
    /// - Throws: `CancellationError` only; every fault of the tool is an outcome.
    public func run(
        _ call: ToolCall,
        turn: Int,
        commit: DialogueCommit?,
        willStart: @Sendable () -> Void = {}
    ) async throws -> ToolOutcome {
        guard let tool = tools[call.name] else {
            let known = tools.keys.sorted().joined(separator: ", ")
            let error = ToolError(.unknown, "there is no such tool; there are: \(known.isEmpty ? "none" : known)")
            // The name is the model's invention and no label.
            return failed(call, name: "unknown", error, key: "", took: .zero, hasEffect: false)
        }
        let declaration = tool.declaration
        let arguments: JSON
        do {
            arguments = try Self.arguments(of: call, for: declaration)
        } catch {
            return failed(call, name: call.name, error, key: "", took: .zero, hasEffect: declaration.hasEffect)
        }
        let key = IdempotencyKey.make(
            callID: request.call?.id ?? "",
            turn: turn,
            tool: call.name,
            arguments: arguments
        )
        let context = ToolContext(
            callID: request.call?.id ?? "",
            tenant: request.profile.id,
            callerNumber: request.callerNumber,
            idempotencyKey: key
        )
        if declaration.hasEffect { try await commit?.wait() }
        try Task.checkCancellation()
        willStart()
        var result: Result<ToolResult, any Error> = .failure(CancellationError())
        let took = await clock.measure {
            do {
                let value = try await TimeLimit.run(declaration.timeout, clock: clock) {
                    try await tool.call(arguments, context)
                }
                result = .success(value)
            } catch {
                result = .failure(error)
            }
        }
        switch result {
        case .success(let value):
            // Also when the turn is void by now: what was done was done.
            return done(call, value, key: key, took: took, hasEffect: declaration.hasEffect)
        case .failure(let error):
            try Task.checkCancellation()
            let error = Self.named(error)
            return failed(call, name: call.name, error, key: key, took: took, hasEffect: declaration.hasEffect)
        }
    }

    /// A call that is not run: the model is told why.
    public func refuse(_ call: ToolCall, _ message: String) -> ToolOutcome {
        let name = tools[call.name] == nil ? "unknown" : call.name
        return failed(
            call,
            name: name,
            ToolError(.refused, message),
            key: "",
            took: .zero,
            hasEffect: hasEffect(call.name)
        )
    }

    /// The answer for a call that was given up while its tool ran.
    public static func interrupted(_ call: ToolCall) -> ChatMessage {
        answer(
            call,
            ToolError(
                .unavailable,
                "the call was interrupted before its result was known; it may have been done or not"
            )
        )
    }

    private static func arguments(of call: ToolCall, for declaration: ToolDeclaration) throws(ToolError) -> JSON {
        let text = call.arguments
        guard text.utf8.count < maximumArgumentBytes else {
            throw ToolError(.arguments, "the arguments are longer than \(maximumArgumentBytes) bytes")
        }
        // A tool without parameters is called with nothing at all by some models.
        let isEmpty = text.utf8.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        guard let value = isEmpty ? .object([:]) : try? JSON(parsing: text.utf8) else {
            throw ToolError(.arguments, "the arguments are not valid JSON; send one JSON object")
        }
        guard case .object = value else {
            throw ToolError(.arguments, "the arguments must be one JSON object")
        }
        let faults = SchemaCheck(declaration.parameters).faults(in: value)
        guard faults.isEmpty else {
            throw ToolError(.arguments, faults.map(\.description).joined(separator: "; "))
        }
        return value
    }

    private static func named(_ error: any Error) -> ToolError {
        switch error {
        case let error as ToolError: error
        case is TimeLimit.Exceeded: ToolError(.timeout, "the tool did not answer in time")
        default: ToolError(.unavailable, "the tool does not work at the moment")
        }
    }

    private func done(
        _ call: ToolCall,
        _ result: ToolResult,
        key: String,
        took: Duration,
        hasEffect: Bool
    ) -> ToolOutcome {
        if !result.callerNames.isEmpty { learn(result.callerNames) }
        var content = result.content.redacted(by: redact).serialized
        if content.count > maximumResultCharacters {
            let kept = String(content.prefix(maximumResultCharacters))
            content = (["truncated": true, "beginning": .text(kept)] as JSON).serialized
        }
        return ToolOutcome(
            message: .tool(id: call.id, content: content, isError: false),
            report: ToolReport(
                name: call.name,
                failure: nil,
                took: took,
                hasEffect: hasEffect,
                idempotencyKey: key
            ),
            result: result
        )
    }

    private func failed(
        _ call: ToolCall,
        name: String,
        _ error: ToolError,
        key: String,
        took: Duration,
        hasEffect: Bool
    ) -> ToolOutcome {
        ToolOutcome(
            message: Self.answer(call, error),
            report: ToolReport(
                name: name,
                failure: error.code,
                took: took,
                hasEffect: hasEffect,
                idempotencyKey: key
            ),
            result: nil
        )
    }

    private static func answer(_ call: ToolCall, _ error: ToolError) -> ChatMessage {
        let content: JSON = ["error": .text(error.code.rawValue), "message": .text(String(error.message.prefix(1000)))]
        return .tool(id: call.id, content: content.serialized, isError: true)
    }
}

extension JSON {
    /// Every text in the value, and every number that is more than a number, through `redact`. Names of members stay.
    fileprivate func redacted(by redact: (String) -> String) -> JSON {
        switch self {
        case .text(let text): return .text(redact(text))
        case .integer(let value):
            let text = String(value)
            let kept = redact(text)
            return kept == text ? self : .text(kept)
        case .list(let items): return .list(items.map { $0.redacted(by: redact) })
        case .object(let members): return .object(members.mapValues { $0.redacted(by: redact) })
        case .null, .flag, .number: return self
        }
    }
}
