// SPDX-License-Identifier: Apache-2.0
#include "control/problem.h"

#include "store/removed_texts.h"

#include <boost/json.hpp>

namespace luthien::control {

Problem problemFrom(const Error& error)
{
    switch (error.code) {
    case ErrorCode::InvalidArgument:
        return {.status = 400, .code = "invalid_request", .detail = error.message};
    case ErrorCode::InvalidInput:
        return {.status = 400, .code = "invalid_request", .detail = error.toString()}; // the context is a field
    case ErrorCode::NotFound:
        return {.status = 404, .code = "not_found", .detail = error.message};
    case ErrorCode::Conflict:
        return {.status = 409, .code = "conflict", .detail = error.message};
    case ErrorCode::TooLarge:
        return {.status = 413, .code = "too_large", .detail = error.message};
    case ErrorCode::Timeout:
    case ErrorCode::Unavailable:
        if (store::isTextsRemoved(error))
            return {.status = 410, .code = "removed", .detail = error.message};
        return {.status = 503, .code = "unavailable", .detail = error.message};
    case ErrorCode::Unsupported:
        return {.status = 501, .code = "unsupported", .detail = error.message};
    case ErrorCode::Io:
    case ErrorCode::Internal:
        break;
    }
    return {.status = 500, .code = "internal_error", .detail = error.message};
}

std::string toJson(const Problem& problem)
{
    const std::string_view title = reasonPhrase(problem.status);
    const boost::json::object object{{"type", "urn:luthien:problem:" + problem.code},
                                     {"title", boost::json::string_view(title.data(), title.size())},
                                     {"status", problem.status},
                                     {"detail", problem.detail}};
    return boost::json::serialize(object);
}

std::string_view reasonPhrase(unsigned status) noexcept
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 421:
        return "Misdirected Request";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return status < 500 ? "Bad Request" : "Internal Server Error";
    }
}

} // namespace luthien::control
