// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/recorded_image.h"

#include <QBuffer>
#include <QImageReader>

#include <boost/json.hpp>

#include <algorithm>
#include <optional>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr qsizetype kMostBase64 = 32 * 1024 * 1024;
constexpr qint64 kMostPixels = 32'000'000;

std::optional<std::string_view> stringAt(const boost::json::value& json, std::string_view pointer)
{
    boost::system::error_code failed;
    const boost::json::value* value = json.find_pointer({pointer.data(), pointer.size()}, failed);
    if (value == nullptr || !value->is_string())
        return std::nullopt;
    const boost::json::string& text = value->as_string();
    return std::string_view(text.data(), text.size());
}

QByteArray bytesOf(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

/// "data:image/png;base64,iVBO..." carries the image; anything else is the address of one.
RecordedImage fromAddress(std::string_view address)
{
    constexpr std::string_view kBase64 = ";base64,";
    const auto comma = address.substr(0, 200).find(kBase64);
    if (address.starts_with("data:") && comma != std::string_view::npos)
        return {.base64 = bytesOf(address.substr(comma + kBase64.size()))};
    const std::string_view begin = address.substr(0, 2000);
    return {.address = QString::fromUtf8(begin.data(), static_cast<qsizetype>(begin.size()))};
}

/// The format by the first bytes; what a header or a name says is not asked.
QByteArray formatOf(const QByteArray& bytes)
{
    if (bytes.startsWith("\x89PNG\r\n\x1a\n"))
        return "png";
    if (bytes.startsWith("\xff\xd8\xff"))
        return "jpeg";
    if (bytes.startsWith("GIF87a") || bytes.startsWith("GIF89a"))
        return "gif";
    if (bytes.startsWith("RIFF") && bytes.mid(8, 4) == "WEBP")
        return "webp";
    return {};
}
} // namespace

RecordedImage recordedImage(std::string_view json)
{
    boost::system::error_code failed;
    const boost::json::value block = boost::json::parse({json.data(), json.size()}, failed);
    if (failed)
        return {};
    // Messages; Gemini in both spellings; Ollama, whose images are bare strings.
    for (const std::string_view pointer : {"/source/data", "/inlineData/data", "/inline_data/data"})
        if (const auto data = stringAt(block, pointer))
            return {.base64 = bytesOf(*data)};
    if (block.is_string())
        return {.base64 = bytesOf({block.as_string().data(), block.as_string().size()})};
    for (const std::string_view pointer : {"/image_url/url", "/image_url", "/source/url", "/fileData/fileUri"})
        if (const auto address = stringAt(block, pointer))
            return fromAddress(*address);
    return {};
}

QImage decodeImage(const QByteArray& base64, int widest)
{
    if (base64.size() > kMostBase64)
        return {};
    QByteArray bytes = QByteArray::fromBase64(base64);
    const QByteArray format = formatOf(bytes);
    if (format.isEmpty())
        return {};
    QBuffer buffer(&bytes);
    QImageReader reader(&buffer, format);
    reader.setAutoDetectImageFormat(false);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (!size.isValid() || size.isEmpty() || qint64(size.width()) * size.height() > kMostPixels)
        return {};
    if (size.width() > widest)
        reader.setScaledSize({widest, std::max(1, static_cast<int>(qint64(size.height()) * widest / size.width()))});
    QImage image = reader.read();
    image.setDevicePixelRatio(1);
    return image;
}

} // namespace luthien::desktop
