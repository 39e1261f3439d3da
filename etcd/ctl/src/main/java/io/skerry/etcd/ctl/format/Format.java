package io.skerry.etcd.ctl.format;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import org.jspecify.annotations.Nullable;

/** A form of output, as {@code --write-out} names it. */
public enum Format {
    SIMPLE,
    FIELDS,
    JSON,
    TABLE,
    PROTOBUF;

    public static Format named(String name) throws CtlFailure {
        for (Format format : values()) {
            if (format.label().equals(name)) {
                return format;
            }
        }
        throw new CtlFailure(ExitStatus.BAD_FEATURE, "unsupported output format");
    }

    private String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    public void print(Answer answer, Answer.Style style, Lines out) throws CtlFailure {
        switch (this) {
            case SIMPLE -> out.raw(answer.simple(style));
            case FIELDS -> out.raw(supported(answer.fields()));
            case JSON -> out.line(supported(answer.json(style)));
            case TABLE -> out.raw(supported(answer.table()).render());
            case PROTOBUF -> out.raw(supported(answer.protobuf()));
        }
    }

    private <T> T supported(@Nullable T form) throws CtlFailure {
        if (form == null) {
            throw new CtlFailure(
                    ExitStatus.BAD_FEATURE, label() + " not supported as output format");
        }
        return form;
    }
}
