import CFloor
import Engine

/// The whole pipeline of so many calls beside the same chain in C.
public enum ChainCases {
    public static func crowd(_ calls: Int) -> Crowd {
        checkSizes()
        let shared = TalkingCall.Shared()
        let starts = Conversation.starts(calls)
        let talking = starts.map { TalkingCall(start: $0, shared: shared) }
        let floor = FloorCalls(starts: starts)
        let library = LibraryCalls(calls)
        return Crowd(
            "Engine:CallMedia:frame",
            calls: calls,
            floorWork: "rings, mu-law, delay line, echo canceller, detector's arithmetic, noise reducer",
            engine: { passes in
                for _ in 0..<passes { for call in talking { call.frame() } }
            },
            floor: { floor.run($0) },
            library: { library.run($0) },
            difference: { TalkingCall.difference(talking) }
        )
    }

    /// A frame of a call whose inputs are written down.
    public static func captured() -> Case {
        let call = TalkingCall(start: 0, shared: TalkingCall.Shared(), isCaptured: true)
        let floor = FloorCalls(starts: Conversation.starts(1))
        return Case(
            "Engine:CallMedia:capturedFrame:1",
            floorWork: "the same frame of a call that is not captured",
            loop: Conversation.frameCount,
            engine: { count in
                for _ in 0..<count { call.frame() }
            },
            floor: { floor.run($0) },
            difference: { TalkingCall.difference([call]) }
        )
    }

    /// Both sides copy and hold as many bytes.
    public static func checkSizes() {
        precondition(
            MemoryLayout<MediaPacket>.stride == MemoryLayout<floor_packet>.stride
                && MemoryLayout<OutboundMessage>.stride == MemoryLayout<floor_message>.stride
                && MemoryLayout<SpeechChunk>.stride == MemoryLayout<floor_chunk>.stride
                && MemoryLayout<CallerFrame>.stride == MemoryLayout<floor_frame>.stride,
            "the floor copies as many bytes as the engine; CFloor.h repeats the fields of Engine's Messages.swift"
        )
        precondition(
            RingCapacity.inbound == Int(CHAIN_PACKETS) && RingCapacity.outbound == Int(CHAIN_MESSAGES)
                && RingCapacity.speech == Int(CHAIN_CHUNKS) && RingCapacity.caller == Int(CHAIN_FRAMES),
            "the floor's rings are as long as the engine's; CFloor.h repeats RingCapacity"
        )
    }

    /// The floor's calls, each from its own frame of the conversation on.
    public final class FloorCalls {
        private let chains: [OpaquePointer?]
        private let starts: [Int]

        public init(starts: [Int]) {
            chains = starts.map { _ in floor_chain_make() }
            self.starts = starts
        }

        deinit { for chain in chains { floor_chain_free(chain) } }

        public func run(_ passes: Int) {
            let conversation = Conversation.shared
            floor_chains_run(
                chains,
                chains.count,
                conversation.floorPackets,
                conversation.floorChunks,
                Conversation.mask,
                starts,
                passes
            )
        }
    }
}
