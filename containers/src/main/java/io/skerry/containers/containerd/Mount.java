package io.skerry.containers.containerd;

import java.util.List;

/** How a snapshot is mounted, in the words of mount(8). */
public record Mount(String type, String source, List<String> options) {
    public Mount {
        options = List.copyOf(options);
    }

    Message message() {
        Message message = Message.EMPTY.with(1, type).with(2, source);
        for (String option : options) {
            message = message.with(4, option);
        }
        return message;
    }

    static Mount of(Message message) {
        return new Mount(message.text(1), message.text(2), message.texts(4));
    }
}
