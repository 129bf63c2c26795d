import Foundation
import Gateway
import NIOCore
import NIOPosix
import Testing

/// What is written past the library and what goes through it arrive in one order, whatever the peer does.
@Suite("Socket writer", .timeLimit(.minutes(2))) struct SocketWriterTests {
    /// Writes on its channel's event loop.
    private final class Writing: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private var writer: SocketWriter?
        private var context: ChannelHandlerContext?

        func handlerAdded(context: ChannelHandlerContext) {
            self.context = context
            writer = SocketWriter(context)
        }
        var isPastLibrary: Bool { writer?.descriptor != nil }
        func write(_ bytes: [UInt8]) {
            guard let context else { return }
            var buffer = ByteBuffer(bytes: bytes)
            writer?.write(&buffer, context)
        }
    }

    private func withPair(
        _ body: (_ channel: any Channel, _ writing: NIOLoopBound<Writing>, _ peer: CInt) async throws -> Void
    ) async throws {
        var ends: [CInt] = [0, 0]
        #expect(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
        var room: CInt = 4096
        setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, socklen_t(MemoryLayout<CInt>.size))
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .withConnectedSocket(ends[0]).get()
        let writing = try await channel.eventLoop.submit {
            let handler = Writing()
            try channel.pipeline.syncOperations.addHandler(handler)
            return NIOLoopBound(handler, eventLoop: channel.eventLoop)
        }.get()
        try await body(channel, writing, ends[1])
        try? await channel.close()
        close(ends[1])
    }

    private func read(_ peer: CInt, _ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1000)
        while bytes.count < count {
            let got = recv(peer, &part, min(part.count, count - bytes.count), 0)
            guard got > 0 else { break }
            bytes += part.prefix(got)
        }
        return bytes
    }

    @Test func whatThePeerDoesNotTakeWaitsAndNothingOvertakesIt() async throws {
        try await withPair { channel, writing, peer in
            #expect(try await channel.eventLoop.submit { writing.value.isPastLibrary }.get())
            // 40 times what the socket takes: most of it waits in the library while more is written.
            let parts = (0..<500).map { number in (0..<331).map { UInt8(truncatingIfNeeded: number &* 7 &+ $0) } }
            for part in parts { try await channel.eventLoop.submit { writing.value.write(part) }.get() }
            let whole = parts.flatMap { $0 }
            #expect(read(peer, whole.count) == whole)
            // The peer has taken everything: what is written now is on its way when the call returns.
            var isThere = false
            while !isThere {
                try await channel.eventLoop.submit { writing.value.write([1, 2, 3]) }.get()
                var first = [UInt8](repeating: 0, count: 3)
                isThere = recv(peer, &first, 3, CInt(MSG_DONTWAIT)) == 3
                if !isThere { #expect(read(peer, 3) == [1, 2, 3]) }
            }
        }
    }

    @Test func aSocketThatIsGoneTakesNothingAndBreaksNothing() async throws {
        try await withPair { channel, writing, peer in
            shutdown(peer, CInt(SHUT_RDWR))
            for _ in 0..<3 {
                try await channel.eventLoop.submit { writing.value.write([1]) }.get()
            }
            try await channel.closeFuture.get()
            try await channel.eventLoop.submit { writing.value.write([1]) }.get()
        }
    }
}
