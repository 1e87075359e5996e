// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace luthien {

enum class ErrorCode {
    InvalidArgument, ///< the caller asked for something that makes no sense
    InvalidInput,    ///< bytes from outside that do not parse
    TooLarge,        ///< a stated bound was exceeded
    NotFound,
    Conflict,    ///< the thing exists already, or somebody else holds it
    Unsupported, ///< well formed, but not something we do
    Timeout,
    Unavailable, ///< a peer, the disk or the database cannot answer now
    Io,
    Internal,
};

/// Why something expected to fail at times did fail.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    std::string message; ///< one sentence a user can act on
    std::string context; ///< where: a file and line, a field, a host; may be empty

    /// "context: message", or the message alone.
    [[nodiscard]] std::string toString() const { return context.empty() ? message : context + ": " + message; }
    bool operator==(const Error&) const = default;
};

/// A value, or the Error that stood in its way. Errors: reading the side that is not there is a bug (asserted).
template <typename T>
class [[nodiscard]] Result
{
public:
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error))
    {
    }

    [[nodiscard]] bool hasValue() const noexcept { return m_state.index() == 0; }
    [[nodiscard]] explicit operator bool() const noexcept { return hasValue(); }

    [[nodiscard]] T& value() & { return assertValue(), *std::get_if<0>(&m_state); }
    [[nodiscard]] const T& value() const& { return assertValue(), *std::get_if<0>(&m_state); }
    [[nodiscard]] T&& value() && { return assertValue(), std::move(*std::get_if<0>(&m_state)); }
    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }

    [[nodiscard]] const Error& error() const
    {
        assert(!hasValue());
        return *std::get_if<1>(&m_state);
    }

private:
    void assertValue() const noexcept { assert(hasValue()); }
    std::variant<T, Error> m_state;
};

/// Done, or the Error that stood in the way.
template <>
class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error)
        : m_error(std::move(error))
        , m_failed(true)
    {
    }

    [[nodiscard]] bool hasValue() const noexcept { return !m_failed; }
    [[nodiscard]] explicit operator bool() const noexcept { return hasValue(); }
    [[nodiscard]] const Error& error() const
    {
        assert(m_failed);
        return m_error;
    }

private:
    Error m_error;
    bool m_failed = false;
};

} // namespace luthien
