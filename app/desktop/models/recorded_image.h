// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QImage>
#include <QString>

#include <string_view>

namespace luthien::desktop {

/// What an image block carries: the image itself or where it is. Only the first is ever shown.
struct RecordedImage
{
    QByteArray base64; ///< of the file; empty = there is only an address, or nothing that is understood
    QString address;
};

/// Reads the JSON of an image block, of any API. Thread: any.
[[nodiscard]] RecordedImage recordedImage(std::string_view json);

/// Decodes a PNG, JPEG, GIF (its first picture) or WebP of at most 24 MiB and 32 megapixels, scaled down to at most
/// `widest` pixels across; null = it is not one of them or is damaged. Nothing but these bytes is read. Thread: any.
[[nodiscard]] QImage decodeImage(const QByteArray& base64, int widest);

} // namespace luthien::desktop
