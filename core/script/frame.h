// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::script {

/// The status a host ends with when it may take no more memory.
inline constexpr int kOutOfMemory = 3;

/// What passes between the program and a script host, in the order of one host's life.
enum class FrameKind : std::uint32_t {
    Ready = 1, ///< from the host, once: it is shut in. Body = its version
    Load,      ///< to the host, once: body = the script
    Loaded,    ///< from the host: body = one '0' or '1' for each of policy::kScriptFunctionNames
    Run,       ///< to the host: body = one byte, the function as a number from '0', then its argument as JSON
    Returned,  ///< from the host: body = what the function returned, as JSON
    Failed,    ///< from the host, to Load or Run: body = the script's line, a line break, what was thrown
};

struct Frame
{
    FrameKind kind = FrameKind::Ready;
    std::uint64_t job = 0; ///< of Run; what answers it names it too
    std::string body;
    bool operator==(const Frame&) const = default;
};

/// Both ends are of one build and on one machine: numbers are in the machine's order.
void appendFrame(std::string& out, FrameKind kind, std::uint64_t job, std::string_view body);

/// Cuts bytes into frames. Thread: one at a time.
class FrameReader
{
public:
    explicit FrameReader(std::size_t maxBodyBytes)
        : m_maxBodyBytes(maxBodyBytes)
    {
    }

    void add(std::string_view bytes) { m_bytes.append(bytes); }
    /// The next frame, or nothing while it is not complete. Errors: InvalidInput for what is no frame; TooLarge. After
    /// an error nothing that comes can be trusted.
    [[nodiscard]] Result<std::optional<Frame>> next();

private:
    std::size_t m_maxBodyBytes;
    std::string m_bytes;
};

} // namespace luthien::script
