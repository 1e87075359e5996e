// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_stream_decoder.h"

namespace luthien::protocol {

void readError(simdjson::ondemand::value& value, WireError& error)
{
    simdjson::ondemand::json_type type{};
    if (value.type().get(type))
        return;
    if (type == simdjson::ondemand::json_type::string) {
        error.message = textOf(value);
    } else if (type == simdjson::ondemand::json_type::array) {
        forEachElement(value, [&error](auto& item) { readError(item, error); });
    } else if (type == simdjson::ondemand::json_type::object) {
        forEachMember(value, [&error](std::string_view key, auto& member) {
            if (key == "message" || key == "msg")
                error.message = textOrJsonOf(member);
            else if (key == "code")
                error.code = textOrJsonOf(member);
            else if (key == "type")
                error.type = textOf(member);
        });
    }
}

} // namespace luthien::protocol
