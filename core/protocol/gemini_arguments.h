// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace luthien::protocol::gemini {

/// The arguments of a call that Vertex streams: values that come one by one, each with the path it belongs to, texts
/// in pieces. Source: cloud.google.com/vertex-ai, "Streaming function call arguments".
class StreamedArguments
{
public:
    /// Takes an entry of partialArgs. Errors: InvalidInput for a path that is none, that leaves a gap in a list, or
    /// that has its value already.
    [[nodiscard]] Result<void> add(const boost::json::object& entry);
    /// So far, as a JSON object.
    [[nodiscard]] const boost::json::value& value() const noexcept { return m_root; }

private:
    [[nodiscard]] Result<boost::json::value*> place(std::string_view path);

    boost::json::value m_root = boost::json::object();
    std::string m_openText; ///< the path of a text that goes on
};

} // namespace luthien::protocol::gemini
