package web

import "github.com/gin-gonic/gin"

