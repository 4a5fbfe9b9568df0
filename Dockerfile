# The whole program, with PostgreSQL beside it for those who configure no
# database:  docker run -p 8080:8080 -v pitchside:/var/lib/pitchside IMAGE
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=development
RUN CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /pitchside ./cmd/pitchside

FROM debian:bookworm-slim
RUN mkdir -p /etc/postgresql-common \
    && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf \
    && apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates postgresql \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/pitchside --create-home pitchside
COPY --from=build /pitchside /usr/local/bin/pitchside
USER pitchside
ENV PITCHSIDE_ADDR=:8080 PITCHSIDE_DATA=/var/lib/pitchside
VOLUME /var/lib/pitchside
EXPOSE 8080
# Time for requests, jobs and the database to end.
STOPSIGNAL SIGTERM
ENTRYPOINT ["pitchside"]
CMD ["serve"]
