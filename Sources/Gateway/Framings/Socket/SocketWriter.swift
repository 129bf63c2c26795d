import CPlatform
import NIOCore
import NIOSSL

/// Writes to a channel's socket past the library, which takes what the socket does not take at once.
///
/// A write through the library costs a walk through its lists and locks for what is nearly always one call of the system.
/// Lives on its channel's event loop and never leaves it.
package final class SocketWriter {
    /// The socket itself, for as long as its channel is active; nil where bytes are changed on their way to it (TLS), and
    /// everything is written through the library.
    package let descriptor: CInt?
    /// What the library still has: nothing may overtake it.
    private var writesInLibrary = 0

    package init(_ context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        let isBare = (try? pipeline.handler(type: NIOSSLServerHandler.self)) == nil
        let socket = try? pipeline.withUnsafeTransportIfAvailable { (socket: NIOBSDSocket.Handle) in socket }
        descriptor = isBare ? socket ?? nil : nil
    }

    /// Writes all of `bytes`, now or through the library.
    /// - Parameter wire: where finished bytes leave the channel's handlers.
    package func write(_ bytes: inout ByteBuffer, _ wire: ChannelHandlerContext) {
        guard bytes.readableBytes > 0 else { return }
        // An active channel's socket is open: its number is not another one's yet.
        if writesInLibrary == 0, let descriptor, wire.channel.isActive {
            let taken = bytes.withUnsafeReadableBytes {
                parley_socket_write(descriptor, $0.baseAddress, Int64($0.count))
            }
            bytes.moveReaderIndex(forwardBy: Int(taken))
            guard bytes.readableBytes > 0 else { return }
        }
        wire.writeAndFlush(NIOAny(bytes), promise: throughLibrary(wire))
    }

    /// - Returns: for a write that goes through the library: those after it wait for it. nil where all go that way, for then
    ///   there is nothing to wait, and a promise for each write would be an allocation.
    package func throughLibrary(_ context: ChannelHandlerContext) -> EventLoopPromise<Void>? {
        guard descriptor != nil else { return nil }
        writesInLibrary += 1
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { _ in bound.value.writesInLibrary -= 1 }
        return promise
    }
}
