// SPDX-License-Identifier: Apache-2.0
#include "chunked_body.h"

#include <algorithm>
#include <charconv>

namespace luthien::bench {

void ChunkedBody::read(std::string_view bytes, std::string& body)
{
    while (!bytes.empty() && m_state != State::Broken) {
        if (m_state == State::Data) {
            const std::size_t count = std::min(m_rest, bytes.size());
            body.append(bytes.substr(0, count));
            bytes.remove_prefix(count);
            m_rest -= count;
            if (m_rest == 0)
                m_state = State::DataEnd;
        } else {
            readLine(bytes.front());
            bytes.remove_prefix(1);
        }
    }
}

void ChunkedBody::readLine(char byte)
{
    if (m_state == State::Done) {
        m_state = State::Broken; // nothing may follow
    } else if (byte != '\n') {
        m_line.push_back(byte);
    } else if (m_line.empty() || m_line.back() != '\r') {
        m_state = State::Broken;
    } else {
        m_line.pop_back();
        endLine();
        m_line.clear();
    }
}

void ChunkedBody::endLine()
{
    if (m_state == State::DataEnd) {
        m_state = m_line.empty() ? State::Size : State::Broken;
        return;
    }
    if (m_state == State::Trailer) {
        if (m_line.empty())
            m_state = State::Done;
        return;
    }
    const auto [end, error] = std::from_chars(m_line.data(), m_line.data() + m_line.size(), m_rest, 16);
    if (error != std::errc() || end == m_line.data())
        m_state = State::Broken;
    else
        m_state = m_rest == 0 ? State::Trailer : State::Data;
}

} // namespace luthien::bench
