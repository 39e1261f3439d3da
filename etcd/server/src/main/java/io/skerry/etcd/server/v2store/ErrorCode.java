package io.skerry.etcd.server.v2store;

/** Why a v2 request is refused: etcd's code, its message, and the status of the response. */
public enum ErrorCode {
    KEY_NOT_FOUND(100, "Key not found", 404),
    COMPARE_FAILED(101, "Compare failed", 412),
    NOT_A_FILE(102, "Not a file", 403),
    NOT_A_DIRECTORY(104, "Not a directory", 400),
    KEY_EXISTS(105, "Key already exists", 412),
    ROOT_READ_ONLY(107, "Root is read only", 400),
    DIRECTORY_NOT_EMPTY(108, "Directory not empty", 403),
    UNAUTHORIZED(110, "The request requires user authentication", 401),
    PREVIOUS_VALUE_REQUIRED(201, "PrevValue is Required in POST form", 400),
    TTL_NOT_A_NUMBER(202, "The given TTL in POST form is not a number", 400),
    INDEX_NOT_A_NUMBER(203, "The given index in POST form is not a number", 400),
    INVALID_FIELD(209, "Invalid field", 400),
    INVALID_FORM(210, "Invalid POST form", 400),
    REFRESH_WITH_VALUE(211, "Value provided on refresh", 400),
    REFRESH_WITHOUT_TTL(212, "A TTL must be provided on refresh", 400),
    RAFT_INTERNAL(300, "Raft Internal Error", 500),
    EVENT_INDEX_CLEARED(401, "The event in requested index is outdated and cleared", 400);

    private final int code;
    private final String message;
    private final int httpStatus;

    ErrorCode(int code, String message, int httpStatus) {
        this.code = code;
        this.message = message;
        this.httpStatus = httpStatus;
    }

    /** The number that clients see. */
    public int code() {
        return code;
    }

    static ErrorCode of(int code) {
        for (var error : values()) {
            if (error.code == code) {
                return error;
            }
        }
        throw new IllegalStateException("there is no error code " + code);
    }

    public String message() {
        return message;
    }

    public int httpStatus() {
        return httpStatus;
    }
}
