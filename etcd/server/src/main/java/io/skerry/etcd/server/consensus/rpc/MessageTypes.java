package io.skerry.etcd.server.consensus.rpc;

import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowResponse;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The library's messages and the numbers that stand for them between members. */
final class MessageTypes {
    private static final List<Message> BY_NUMBER =
            List.of(
                    ErrorResponse.getDefaultInstance(),
                    PingRequest.getDefaultInstance(),
                    RequestVoteRequest.getDefaultInstance(),
                    RequestVoteResponse.getDefaultInstance(),
                    AppendEntriesRequest.getDefaultInstance(),
                    AppendEntriesResponse.getDefaultInstance(),
                    TimeoutNowRequest.getDefaultInstance(),
                    TimeoutNowResponse.getDefaultInstance(),
                    InstallSnapshotRequest.getDefaultInstance(),
                    InstallSnapshotResponse.getDefaultInstance(),
                    GetFileRequest.getDefaultInstance(),
                    GetFileResponse.getDefaultInstance(),
                    ReadIndexRequest.getDefaultInstance(),
                    ReadIndexResponse.getDefaultInstance());
    private static final Map<String, Integer> NUMBERS = new HashMap<>();

    static {
        for (int i = 0; i < BY_NUMBER.size(); i++) {
            NUMBERS.put(BY_NUMBER.get(i).getClass().getName(), i);
        }
    }

    private MessageTypes() {}

    static int number(String className) {
        Integer number = NUMBERS.get(className);
        if (number == null) {
            throw new IllegalArgumentException("no peer is ever sent a " + className);
        }
        return number;
    }

    static int number(Message message) {
        return number(message.getClass().getName());
    }

    /** Log data in the message refers to the bytes given instead of being copied. */
    static Message parse(int number, ByteString bytes) throws IOException {
        if (number >= BY_NUMBER.size()) {
            throw new IOException("unknown message type " + number);
        }
        CodedInputStream in = bytes.newCodedInput();
        in.enableAliasing(true);
        return BY_NUMBER.get(number).getParserForType().parseFrom(in);
    }
}
