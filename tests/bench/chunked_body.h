// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace luthien::bench {

/// Takes chunked framing off a response body as it arrives.
class ChunkedBody
{
public:
    enum class State { Size, Data, DataEnd, Trailer, Done, Broken };

    /// Appends the body bytes within `bytes` to `body`.
    void read(std::string_view bytes, std::string& body);

    [[nodiscard]] State state() const { return m_state; }

private:
    void readLine(char byte);
    void endLine();

    State m_state = State::Size;
    std::string m_line;
    std::size_t m_rest = 0;
};

} // namespace luthien::bench
