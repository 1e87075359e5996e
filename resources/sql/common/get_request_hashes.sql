-- SPDX-License-Identifier: Apache-2.0
SELECT headers.hash AS headers, opening.hash AS opening, closing.hash AS closing, request.head_node_id
FROM request
JOIN content AS headers ON headers.id = request.headers_content_id
JOIN content AS opening ON opening.id = request.opening_content_id
LEFT JOIN content AS closing ON closing.id = request.closing_content_id
WHERE request.id = :request
